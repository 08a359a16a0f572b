export { type TemplateResource, UnsupportedTemplateError } from './resource';
export { type StackLocation, stackLocation } from './stack-location';
export { loadTemplate, type RawTemplate, resolveTemplate, type SynthesizedTemplate } from './template';
