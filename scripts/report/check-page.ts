import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/** What a report says of itself, in the order in which it does. */
const SECTIONS = [
  'States',
  'Forecast and actual',
  'Cost',
  'Time',
  'Errors',
  'Slowest documents',
  'Documents that are not done',
];

/** Opens a report as a reader would, wide and narrow, light, dark and printed. @returns what is wrong; takes a picture. */
export async function checkPage(executablePath: string, report: string, picture: string): Promise<string[]> {
  const problems: string[] = [];
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1120, height: 1400 } });
    const url = pathToFileURL(report).href;
    page.on('console', (message) => void problems.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => void problems.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (request.url() !== url) problems.push(`loads ${request.url().slice(0, 80)}`);
    });
    await page.goto(url);
    const titles = await page.locator('h2').allTextContents();
    if (JSON.stringify(titles) !== JSON.stringify(SECTIONS)) problems.push(`sections: ${titles.join(', ')}`);
    await page.screenshot({ path: picture });
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const width of [1120, 380]) {
        await page.setViewportSize({ width, height: 1400 });
        problems.push(...(await found(page, 'layout')).map((problem) => `${scheme}, ${width} px: ${problem}`));
      }
      problems.push(...(await found(page, 'contrast')).map((problem) => `${scheme}: ${problem}`));
    }
    await page.emulateMedia({ media: 'print' });
    const printed = await page.pdf({ format: 'A4' });
    if (printed.byteLength < 10_000) problems.push('print: an empty page');
  } finally {
    await browser.close();
  }
  return problems;
}

/** What a script in `in-page/` finds wrong with the page as it is shown now. */
async function found(page: Page, script: 'layout' | 'contrast'): Promise<string[]> {
  const text = await readFile(new URL(`in-page/${script}.mjs`, import.meta.url), 'utf8');
  return await page.evaluate<string[]>(text);
}
