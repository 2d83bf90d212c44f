import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
import{readConfig,wrong}from"./chunk-LYX7OTJD.js";import"./chunk-5JMOGWVO.js";import"./chunk-7C7OHVRX.js";import"./chunk-2DQOW6Z5.js";import"./chunk-NRX53ELO.js";import"./chunk-TPCO4236.js";import"./chunk-BHW4FXYG.js";export{readConfig,wrong};
