import type { ForgetReport, ForgottenPlace } from '../../src/jobs/forget.js';

/** `place operation state` of each place but the histories, for comparing with what is wanted. */
export const statesOf = ({ places }: Pick<ForgetReport, 'places'>): string[] =>
  places
    .filter(({ place }) => place !== 'history')
    .map(({ place, operation, state }) => [place, operation, state].filter(Boolean).join(' '));

export const of = ({ places }: Pick<ForgetReport, 'places'>, place: ForgottenPlace['place']): ForgottenPlace[] =>
  places.filter((one) => one.place === place);
