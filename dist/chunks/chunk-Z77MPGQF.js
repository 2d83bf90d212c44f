import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
import{h as o}from"./chunk-CZHFFURO.js";import{a as t}from"./chunk-SFQSIS5N.js";import{writeFileSync as m}from"node:fs";import{resolve as p}from"node:path";function g(i,r,e){try{m(p(i,r),e)}catch(n){throw new t(`cannot write ${r}: ${o(n)}`)}}export{g as a};
