import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
import{a,b,c,d,e,f,g,h,i}from"./chunk-ZKMGSBW4.js";import"./chunk-OC3FZAC6.js";export{e as canonicalName,b as catalogueOf,d as judgingMajor,a as loadCatalogue,i as lowerAscii,g as majorsOf,h as nearestName,c as newestMajor,f as parameterOf};
