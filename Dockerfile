# The ready-made worker (`docjobs worker`), and every other command of docjobs.
#   docker build -t temporal-document-jobs:0.1.0 .
# Debian, not Alpine: the core of Temporal's SDK needs glibc.
ARG NODE_IMAGE=node:22.23.3-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build
COPY operations/docker operations/docker
# What is installed stays at the versions of the lock file; of the SDK's native libraries only this platform's is kept, of the compiled
# package neither maps nor types.
RUN node operations/docker/production-package.mjs \
  && npm install --omit=dev --ignore-scripts \
  && case "$(uname -m)" in x86_64|aarch64) ;; *) echo "no native library of Temporal's SDK for $(uname -m)" >&2; exit 1 ;; esac \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
  && find dist node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${NODE_IMAGE} AS worker
# The slim image has no root certificates, without which the SDK's core reaches no Temporal behind TLS.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -p /state /results \
  && chown node:node /state /results
WORKDIR /app
COPY LICENSE ./
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
RUN ln -s /app/dist/cli/main.js /usr/local/bin/docjobs
ENV NODE_ENV=production XDG_STATE_HOME=/state
USER 1000:1000
EXPOSE 8080
# Stops taking work, lets activities finish for --grace, ends with 0.
STOPSIGNAL SIGTERM
ENTRYPOINT ["docjobs"]
CMD ["worker", "--results", "/results", "--grace", "30s", "--health-host", "0.0.0.0", "--health-port", "8080"]
