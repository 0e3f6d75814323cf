import type { SectionSpec } from '../../src/jobs/types.js';
import { makePdf } from './pdf.js';
import { Random } from './random.js';

interface Topic extends SectionSpec {
  titles: string[];
  sentences: string[];
}

const TOPICS: readonly Topic[] = [
  {
    name: 'Lease agreement',
    description: 'Contract between landlord and tenant about the premises and the rent',
    titles: ['Lease', 'Lease Agreement', 'Agreement for Lease of Premises'],
    sentences: [
      'The landlord lets the premises to the tenant for a term of five years.',
      'The tenant pays the rent monthly in advance on the first working day.',
      'The tenant keeps the premises in good repair and allows inspection on notice.',
      'Subletting of any part of the premises needs the consent of the landlord.',
      'At the end of the lease the tenant hands back all keys.',
      'A deposit of three monthly rents is held in a separate account.',
    ],
  },
  {
    name: 'Medical report',
    description: "Doctor's findings about a patient: symptoms, diagnosis and treatment",
    titles: ['Medical Report', 'Clinical Report', 'Report of the Attending Physician'],
    sentences: [
      'The patient presented with persistent cough and mild fever.',
      'Auscultation was unremarkable; the diagnosis is acute bronchitis.',
      'Treatment with inhaled steroids was begun and well tolerated.',
      'Blood pressure and pulse were within the normal range.',
      'The patient was advised to rest and return for follow-up in two weeks.',
      'No known allergies; current medication is listed overleaf.',
    ],
  },
  {
    name: 'Bank statement',
    description: 'Account movements with opening and closing balance',
    titles: ['Statement of Account', 'Bank Statement', 'Account Statement'],
    sentences: [
      'Opening balance brought from the previous month.',
      'Direct debit to the water company, card payment at the station kiosk.',
      'Standing order credited, interest on overdraft debited.',
      'Closing balance carried to the next statement.',
      'Cash withdrawal at branch, fee for foreign currency.',
      'Transfer from savings, reference repeated below each movement.',
    ],
  },
  {
    name: 'Inspection report',
    description: 'Technical examination of a building: roof, walls, defects found and repairs recommended',
    titles: ['Building Inspection', 'Inspection Report', 'Survey of Condition'],
    sentences: [
      'The roof covering shows slipped slates above the north gable.',
      'Damp was measured in the cellar walls at three points.',
      'Defects in the flashing should be repaired before winter.',
      'Cracks in the render are superficial and need no structural repair.',
      'Gutters and downpipes are sound, with minor corrosion at the brackets.',
      'We recommend a further inspection of the chimney by scaffold.',
    ],
  },
  {
    name: 'Curriculum vitae',
    description: 'Career, education and skills of an applicant',
    titles: ['Curriculum Vitae', 'Résumé', 'CV of the Applicant'],
    sentences: [
      'Career: team leader in a logistics company since the merger.',
      'Education: degree in mechanical engineering with distinction.',
      'Skills: fluent Spanish, project planning, welding certificates.',
      'Earlier positions include workshop supervisor and trainee.',
      'References from former employers are available to interviewers.',
      'Languages and volunteer work are listed at the end.',
    ],
  },
  {
    name: 'Minutes of meeting',
    description: 'Who attended, what the board discussed and resolved',
    titles: ['Minutes', 'Minutes of the Board Meeting', 'Meeting Minutes'],
    sentences: [
      'Present: the chair, the treasurer and four members of the board.',
      'Apologies were received; the minutes of the last meeting were approved.',
      'The board discussed the budget and resolved to postpone the vote.',
      'A motion to appoint new auditors was carried unanimously.',
      'The secretary will circulate the action list before the next meeting.',
      'There being no further business the chair closed the meeting.',
    ],
  },
  {
    name: 'Insurance policy',
    description: 'Cover, premium, exclusions and insured sums',
    titles: ['Policy Schedule', 'Insurance Policy', 'Certificate of Insurance'],
    sentences: [
      'The insurer covers loss by fire, lightning and escape of water.',
      'The yearly premium is due on renewal of the policy.',
      'Excluded are war, nuclear risks and gradual deterioration.',
      'The sum insured is indexed; the excess applies to each claim.',
      'The policyholder notifies the insurer of any claim without delay.',
      'Cover extends to outbuildings up to the limit in the schedule.',
    ],
  },
  {
    name: 'Recipe',
    description: 'Ingredients and steps for cooking a dish',
    titles: ['Fish Pie', 'Recipe of the Month', 'From Our Kitchen'],
    sentences: [
      'Ingredients: flour, butter, two onions, white fish and a bay leaf.',
      'Chop the onions and cook them gently in the butter.',
      'Stir in the flour, add milk and simmer until the sauce thickens.',
      'Bake the dish in a hot oven until the crust is golden.',
      'Season with pepper and serve with peas.',
      'Leftovers keep in the refrigerator for two days.',
    ],
  },
];

const FILLER = [
  'Please keep this page with the rest of the papers.',
  'All times are local unless stated otherwise.',
  'This copy was made from the original.',
  'The numbering follows the order in which the pages were received.',
];

export interface Packet {
  bytes: Uint8Array;
  /** What to look for, in random order; one of them is not in the document. */
  sections: SectionSpec[];
  /** 1-based pages of each section by name. */
  pages: Record<string, number[]>;
}

/** A document of several parts, one to four pages each, in random order; continuation pages mostly have no title. */
export async function makePacketPdf(seed: number): Promise<Packet> {
  const random = new Random(seed + 5000);
  const topics = random.shuffle(TOPICS).slice(0, random.between(4, 7));
  const present = topics.slice(1);
  const pages: Record<string, number[]> = Object.fromEntries(topics.map(({ name }) => [name, []]));
  const [font, bold] = random.pick([
    ['Helvetica', 'Helvetica-Bold'],
    ['Times-Roman', 'Times-Bold'],
    ['Courier', 'Courier-Bold'],
  ] as const);
  const size = random.pick([9, 10, 11, 12]);
  let number = 0;
  const bytes = await makePdf(
    (doc) => {
      for (const topic of present) {
        const count = random.pick([1, 1, 2, 2, 3, 4]);
        const title = random.pick(topic.titles);
        for (let page = 0; page < count; page++) {
          doc.addPage();
          pages[topic.name]!.push(++number);
          doc.font(font).fontSize(8).text('Archive 7 / folder B', 56, 30, { lineBreak: false });
          if (page === 0 || random.chance(0.3))
            doc
              .font(bold)
              .fontSize(size * random.pick([1.5, 2]))
              .text(title, 56, 60);
          doc.font(font).fontSize(size);
          const own = random.shuffle(topic.sentences).slice(0, random.between(page === 0 ? 3 : 2, 6));
          for (const sentence of random.shuffle([...own, ...random.shuffle(FILLER).slice(0, 2)])) {
            doc.text(sentence, 56, Math.max(doc.y + size, 110), { width: 470 });
          }
          doc.fontSize(8).text(String(number), 56, doc.page.height - 40, { lineBreak: false });
        }
      }
    },
    { autoFirstPage: false, margins: { top: 56, bottom: 20, left: 56, right: 56 } },
  );
  return { bytes, pages, sections: random.shuffle(topics).map(({ name, description }) => ({ name, description })) };
}
