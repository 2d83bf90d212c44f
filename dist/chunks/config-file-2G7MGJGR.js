import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
import{readConfig,wrong}from"./chunk-TRQLILCN.js";import"./chunk-MUVFJTEZ.js";import"./chunk-7C7OHVRX.js";import"./chunk-2DQOW6Z5.js";import"./chunk-VOR6JA26.js";import"./chunk-V4OATKFC.js";import"./chunk-BHW4FXYG.js";export{readConfig,wrong};
