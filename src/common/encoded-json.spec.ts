import { EncodedJson } from './encoded-json';

describe('EncodedJson', () => {
  it('is the JSON of its value in UTF-8', () => {
    const { bytes } = new EncodedJson({ text: 'é 🙂', none: null });

    expect(bytes.toString('utf8')).toBe('{"text":"é 🙂","none":null}');
  });

  it('is made once, whoever asks, and not before somebody does', () => {
    const toJSON = jest.fn(() => 'page');
    const json = new EncodedJson({ toJSON });
    expect(toJSON).not.toHaveBeenCalled();

    expect(json.bytes).toBe(json.bytes);
    expect(toJSON).toHaveBeenCalledTimes(1);
  });
});
