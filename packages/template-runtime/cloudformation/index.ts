export { type TemplateResource, UnsupportedTemplateError } from './resource';
export { type StackLocation, stackLocation } from './stack-location';
export {
  loadTemplate,
  type RawTemplate,
  readTemplate,
  resolveTemplate,
  type SynthesizedTemplate,
  type TemplateFile,
} from './template';
