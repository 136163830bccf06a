import { colourStyle } from '../charts/palette.ts';

/** Everything the page looks like: one column, light and dark, from 320 px wide on. */
export function style(): string {
  return `${colourStyle()}
*{box-sizing:border-box}
:root{color-scheme:light dark}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:50rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem;text-wrap:balance}
h2{font-size:1.2rem;margin:3rem 0 .6rem}
p{margin:0 0 .9rem;max-width:42rem}
.about{color:var(--faint);font-size:.875rem;overflow-wrap:anywhere}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
figure{margin:1rem 0}
figcaption{color:var(--faint);font-size:.875rem;max-width:42rem}
figure svg{display:block;max-width:100%;height:auto}
.narrow{display:none}
@media (max-width:46rem){.wide{display:none}.narrow{display:block}}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums;margin:.5rem 0 1rem}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{padding:.3rem .9rem .3rem 0;text-align:right;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--faint)}
.text{text-align:left;min-width:5rem}
details{margin:.4rem 0}
summary{cursor:pointer;color:var(--faint);padding:.25rem 0}
summary:focus-visible,input:focus-visible{outline:2px solid var(--mcu);outline-offset:2px}
form{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}
label{display:flex;flex-direction:column;gap:.25rem;font-size:.875rem;color:var(--faint)}
input{width:8rem;padding:.5rem;font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--faint);border-radius:.3rem}
@media print{details>*{display:block}}`;
}
