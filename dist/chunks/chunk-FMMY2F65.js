import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
function u(r){let e=[0];for(let n=r.indexOf(`
`);n>=0;n=r.indexOf(`
`,n+1))e.push(n+1);return{count:e.length,position(n){let t=Math.min(Math.max(n,0),r.length),i=0,o=e.length-1;for(;i<o;){let s=i+o+1>>1;(e[s]??0)<=t?i=s:o=s-1}return{line:i+1,column:t-(e[i]??0)+1}},range(n){let t=e[n-1]??r.length,i=e[n]??r.length+1,o=Math.max(t,i-1);return{start:t,end:r[o-1]==="\r"&&o>t?o-1:o}}}}function l(r){let e=new Map;return n=>{if(!e.has(n)){let t=r(n);e.set(n,t===void 0?void 0:u(t))}return e.get(n)}}export{u as a,l as b};
