import { TextArchive } from '../../step-functions/execution/kept-text';

describe('an archive of texts', () => {
  it('gives each text back as it was, however many there are', () => {
    const archive = new TextArchive();
    const texts = Array.from({ length: 3000 }, (_, index) => `${index}: "é\u{1F600}\n"`.repeat(index % 90));

    const kept = texts.map((text) => archive.keep(text));

    expect(kept.map((text) => text.read())).toEqual(texts);
    expect(kept.map(({ bytes }) => bytes)).toEqual(texts.map((text) => Buffer.byteLength(text)));
  });

  it('keeps a text that is larger than the memory it takes at a time', () => {
    const archive = new TextArchive();
    const text = 'ä'.repeat(3 * 2 ** 20);

    const [first, large, last] = ['first', text, 'last'].map((each) => archive.keep(each));

    expect([first?.read(), large?.read() === text, last?.read()]).toEqual(['first', true, 'last']);
  });
});
