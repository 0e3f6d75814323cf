/** Colours differ in lightness as well as in hue, and every one of them has a word beside it. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --paper: #ffffff; --panel: #f5f7f9; --rule: #d5dbe1; --bar: #3567b0;
  --done: #2c7a4b; --done_with_gaps: #8ab52e; --refused: #c98a00; --failed: #b3261e; --cancelled: #7b6f9c; --not_started: #9aa4ae; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --dim: #9aa7b4; --paper: #0f1419; --panel: #182028; --rule: #323c47; --bar: #6ea2ef;
    --done: #4fb477; --done_with_gaps: #b7d66a; --refused: #e3b341; --failed: #f0786d; --cancelled: #a99fc9; --not_started: #6b7682; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 24px 20px 64px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 36px 0 8px; border-bottom: 1px solid var(--rule); padding-bottom: 4px; }
h3 { font-size: 1rem; margin: 14px 0 0; overflow-wrap: anywhere; }
p { margin: 6px 0; overflow-wrap: anywhere; }
.dim, .none, .legend { color: var(--dim); }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 8px 28px; }
.two svg text { font-size: 15px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); gap: 10px; margin: 16px 0; padding: 0; list-style: none; }
.cards li { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 8px 12px; }
.cards b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 600; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td code { overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
code, pre { font: .85em/1.45 ui-monospace, monospace; }
pre { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 8px 10px; margin: 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 8px 0; }
figcaption { font-weight: 600; margin-bottom: 2px; }
svg { display: block; width: 100%; height: auto; }
svg.share { height: 28px; border-radius: 6px; }
svg text { fill: var(--dim); font: 11px system-ui, sans-serif; }
svg .figure, svg .tick { text-anchor: middle; }
svg .first { text-anchor: start; }
svg .last, svg .axis { text-anchor: end; }
.grid { stroke: var(--rule); }
.bar { fill: var(--bar); }
.line { fill: none; stroke-width: 2; }
.line.starts { stroke: var(--bar); }
.line.ends { stroke: var(--done); stroke-dasharray: 6 3; }
.key { display: inline-block; width: 22px; height: 0; vertical-align: middle; border-top: 3px solid var(--bar); margin-right: 4px; }
.key.ends { border-top: 3px dashed var(--done); margin-left: 12px; }
.swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: 6px; }
.s-done { fill: var(--done); background: var(--done); }
.s-done_with_gaps { fill: var(--done_with_gaps); background: var(--done_with_gaps); }
.s-refused { fill: var(--refused); background: var(--refused); }
.s-failed { fill: var(--failed); background: var(--failed); }
.s-cancelled { fill: var(--cancelled); background: var(--cancelled); }
.s-not_started { fill: var(--not_started); background: var(--not_started); }
details { font-size: .9rem; color: var(--dim); }
summary { cursor: pointer; }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  h2, figure, tr { break-inside: avoid; }
  figure details { display: none; }
  * { print-color-adjust: exact; }
}
`;
