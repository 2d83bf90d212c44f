import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
import{canonicalName,catalogueOf,judgingMajor,loadCatalogue,lowerAscii,majorsOf,nearestName,newestMajor,parameterOf}from"./chunk-XQKEMML2.js";import"./chunk-BHW4FXYG.js";export{canonicalName,catalogueOf,judgingMajor,loadCatalogue,lowerAscii,majorsOf,nearestName,newestMajor,parameterOf};
