import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
var t={error:3,warning:2,info:1};function o(n,e){return t[n]>=t[e]}function i(n,e){let r=n[e];return`https://github.com/tusklint/tusklint/blob/main/rules/${r===void 0?"README":`${r}/${e}`}.md`}export{o as a,i as b};
