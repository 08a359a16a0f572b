import { compileJsonPath } from '../../api-gateway/json-path';
import { TemplateSyntaxError } from '../../api-gateway/velocity/syntax';
import { compileTemplate } from '../../api-gateway/velocity/template';
import { emptyMap, type Value, type ValueMap } from '../../api-gateway/velocity/values';

/** Renders a template whose `$input` reads `document`. */
function render(template: string, document: unknown = {}, context: ValueMap = emptyMap()): string {
  return compileTemplate(template).render({
    input: {
      body: JSON.stringify(document),
      path: (select) => select(document as Value) ?? null,
      json: (select) => JSON.stringify(select(document as Value) ?? ''),
      param: (name) => (name === 'id' ? 'votes' : ''),
      params: (part): ValueMap => (part === 'path' ? { id: 'votes' } : {}),
    },
    context,
    stageVariables: { table: 'counters' },
    final: [],
  });
}

describe('a Velocity template', () => {
  it.each([
    ['plain text', 'a # b $ c $5 #1', 'a # b $ c $5 #1'],
    ['an undefined reference', '[$x][$!x][${x}][$x.y.size()][$x[0]]', '[][][][][]'],
    ['comments', 'a## all of this\nb#* and\nthis *#c', 'abc'],
    ['a comment at the end', 'a\n## b', 'a\n'],
    ['a directive at the end', 'a#set($x = 1)', 'a'],
    ['line ends behind directives not at all', '#set($x = 1)\n#if($x)\n\nb\n#end\n\nc\n', '\nb\n\nc\n'],
    ['blanks before #set in a text', 'a #set($x = 1)b', 'a b'],
    ['blanks between directives not at all', '#set($x = 1) #set($y = 2)\t#set($z = 3)$x #set($x = 2)b', '1b'],
    ['a line end behind a comment', 'a#* c *#\nb', 'a\nb'],
    ['a reference in braces before anything', '#set($x = "y")${x}z.w${x}{$x}', 'yz.wy{y}'],
    ['#stop', 'a#foreach($i in [1..9])$i#stop#end b', 'a1'],
    ['#define', '#define($d)<$x>#end#set($x = 1)$d#set($x = 2)$d', '<1><2>'],
    ['escaped references and directives', '#set($x = 1)\\$x \\\\$x \\#if \\# \\#none', '$x \\1 #if \\# \\#none'],
    ['an unknown directive as text', '#none #{none} #1', '#none #{none} #1'],
    ['a variable that null leaves alone', '#set($x = 1)#set($x = $x / 0)$x', '1'],
    ['doubled quotes', '#set($x = "a""b")#set($y = \'c\'\'d\')$x$y', 'a"bc\'d'],
    ['unparsed text', '#[[ $x #set ]]#', ' $x #set '],
    ['a variable', '#set($x = "a")$x${x}b$!{x}', 'aaba'],
    ['a stage variable', '$stageVariables.table', 'counters'],
    ['a parameter', "$input.params('id')$input.params().path.id$input.params('none')", 'votesvotes'],
    ['an interpolated text', '#set($x = 1)#set($y = "<$x>")$y', '<1>'],
    ['a text in single quotes', "#set($x = '$y')$x", '$y'],
    ['an #if with its branches', '#foreach($i in [1..3])#if($i == 1)a#elseif($i == 2)b#{else}c#end#end', 'abc'],
    ['nested #if', '#if(true)a#if(false)b#{else}c#end d#end', 'ac d'],
    ['a map', '#set($m = {"a": 1})#set($m.b = 2)$m.a$m.b$m["a"]$m.get("b")$m', '1212{a=1, b=2}'],
    ['a list', '#set($l = [1, "x"])$l[1]$l.get(0)$l.size()$l', 'x12[1, x]'],
    ['a range that counts down', '#foreach($i in [3..1])$i#end', '321'],
    ['$foreach', '#foreach($i in ["a","b"])$foreach.index$foreach.count$i#if($foreach.hasNext),#end#end', '01a,12b'],
    [
      '$foreach.parent',
      '#foreach($i in [1..2])#foreach($j in [1..2])$foreach.parent.count$foreach.count #end#end',
      '11 12 21 22 ',
    ],
    ['#break', '#foreach($i in [1..9])$i#if($i == 2)#break#end;#end.', '1;2.'],
    ['a loop over a map', '#set($m = {"a": 1, "b": 2})#foreach($v in $m)$v#end', '12'],
    ['a loop over nothing', '#foreach($v in $none)x#end', ''],
    ['a loop variable that shadows', '#set($i = 9)#foreach($i in [1])$i#end$i', '19'],
    ['entries', '#set($m = {"a": 1})#foreach($e in $m.entrySet())$e.key=$e.value;$e.getKey()#end', 'a=1;a'],
  ])('renders %s', (_, template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    ['""', false],
    ['"x"', false],
    ['1', false],
    ['[]', false],
    ['1 && true', false],
    ['!0', true],
    ['true', true],
    ['false', false],
    ['$none', true],
    ['!$none', false],
    ['$none.x.size()', true],
    ['$none && true', true],
    ['1 == 1.0', true],
    ['"200" == 200', true],
    ['"a" == "A"', false],
    ['1 < 2 && 2 <= 2', true],
    ['3 > 2 || false', true],
    ['"b" > "a"', false],
    ['$none == $null', true],
    ['$none == ""', true],
    ['$none != "x"', true],
    ['(1 > 2) || (2 > 1)', true],
    ['1 lt 2 and not false', true],
  ])('takes the branch of #if(%s): %s', (condition, taken) => {
    expect(render(`#if(${condition})true#{else}false#end`)).toBe(String(taken));
  });

  it.each([
    ['1 + 2 * 3', '7'],
    ['7 / 2', '3'],
    ['7.5 / 2', '3.75'],
    ['7 % 4', '3'],
    ['-5', '-5'],
    ['1 / 0', ''],
    ['"a" + 1', 'a1'],
    ['$none + 1', '1'],
    ['$none - 1', ''],
    ['100.0 / 50', '2.0'],
    ['.5 + .25', '0.75'],
    ['1.0 * 10000000', '1.0E7'],
    ['0.001 * 0.1', '1.0E-4'],
    ['-7 / 2', '-3'],
    ['2 * -3', '-6'],
    ['9007199254740991', '9007199254740991'],
  ])('calculates %s = %s', (expression, result) => {
    expect(render(`#set($x = ${expression})$x`)).toBe(result);
  });

  it.each([
    ['"it\'s".replaceAll("\'", "x")', 'itxs'],
    ['"a.b.c".replaceAll(".", "x")', 'xxxxx'],
    ['"a.b.c".replace(".", "$1")', 'a$1b$1c'],
    ['"a1b2".replaceAll("([a-z])(\\d)", "$2$1")', '1a2b'],
    ['"a1b2".replaceAll("\\d", \'\\$\')', 'a$b$'],
    ['"a1b2".replaceFirst("\\d", "")', 'ab2'],
    ['"12".matches("[0-9]+")', 'true'],
    ['"12a".matches("[0-9]+")', 'false'],
    ['"a,b,,".split(",").size()', '2'],
    ['"a1b2c".split("(\\d)").size()', '3'],
    ['"abc".split("").size()', '3'],
    ['"abc".substring(1)', 'bc'],
    ['"abc".substring(0, 2)', 'ab'],
    ['" a ".trim().length()', '1'],
    ['"abc".contains("b")', 'true'],
    ['"abc".startsWith("ab")', 'true'],
    ['"abc".endsWith("ab")', 'false'],
    ['"abc".indexOf("c")', '2'],
    ['"abc".indexOf("x")', '-1'],
    ['"Abc".toUpperCase()', 'ABC'],
    ['"a".equals("a")', 'true'],
    ['"a".equals(1)', 'false'],
    ['"a".equalsIgnoreCase("A")', 'true'],
    ['"".isEmpty()', 'true'],
    ['"abc".size()', ''],
  ])('calls %s', (call, result) => {
    const [text, ...methods] = call.split(/(?<=")\./);

    expect(render(`#set($x = ${text})$x.${methods.join('.')}`)).toBe(result);
  });

  it.each([
    ['$m.size()', '2'],
    ['$m.containsKey("a")$m.containsKey("toString")$m.containsKey("__proto__")', 'truefalsefalse'],
    ['$m.keySet()', '[a, b]'],
    ['$m.values()', '[1, 2]'],
    ['$m.getOrDefault("z", 9)', '9'],
    ['$m.remove("a")$m', '1{b=2}'],
    ['$m.put("c", 3)$m.c', '3'],
    ['$m.constructor$m.get("__proto__")$m.toString.length', ''],
    ['$m.putAll({"c": 3})$m', '{a=1, b=2, c=3}'],
    ['#set($i = $m.put("c", null))$m', '{a=1, b=2, c=null}'],
    ['#set($m["__proto__"] = "x")$m["__proto__"]$m.polluted', 'x'],
    ['#set($l = ["a"])$l.add("b")$l.contains("b")$l.indexOf("b")$l.remove(0)$l', 'truetrue1a[b]'],
    ['#set($l = ["a"])#set($l[0] = "z")$l.isEmpty()$l', 'false[z]'],
  ])('handles collections: %s', (template, result) => {
    expect(render(`#set($m = {"a": 1, "b": 2})${template}`)).toBe(result);
  });

  it.each([
    ['$util.urlEncode("a b+c/ä~*\'")', 'a+b%2Bc%2F%C3%A4%7E*%27'],
    ['$util.urlDecode("a+b%2Bc%C3%A4%ff")', 'a b+cä\ufffd'],
    ['$util.base64Encode("ä")', 'w6Q='],
    ['$util.base64Decode("w6Q=")', 'ä'],
    ['$util.parseJson(\'{"a": [1]}\').a', '[1]'],
    ['$util.escapeJavaScript($none)$util.urlEncode($none)', ''],
  ])('%s', (template, result) => {
    expect(render(template)).toBe(result);
  });

  // https://commons.apache.org/proper/commons-lang/javadocs/api-2.6/org/apache/commons/lang/StringEscapeUtils.html
  it.each([
    [`it's "x" \\ a/b`, `it\\'s \\"x\\" \\\\ a\\/b`],
    ['\b\t\n\f\r\0\x1f\x7f', '\\b\\t\\n\\f\\r\\u0000\\u001F\x7f'],
    ['ä\u2028🙂', '\\u00E4\\u2028\\uD83D\\uDE42'],
    ['\ud800', '\\uD800'],
    ['$x #set($y = 1) ${z}', '$x #set($y = 1) ${z}'],
  ])('escapes %j for JavaScript', (text, escaped) => {
    expect(render("$util.escapeJavaScript($input.path('$.text'))", { text })).toBe(escaped);
  });

  it('never reads what a reference stands for as a template', () => {
    const text = '$stageVariables.table #set($a = 1) #foreach($i in [1..9])x#end ${a} \\$a';

    const rendered = render(`#set($x = $input.path('$.text'))#set($y = "<$x>")$x|$y|$x.concat("$x")`, { text });

    expect(rendered).toBe(`${text}|<${text}>|${text}${text}`);
  });

  it.each([
    ['#macro(a)x#end', 'macro'],
    ['#evaluate("x")', 'evaluate'],
    ['#parse("x")', 'parse'],
    ['#macro(a)x#end#a()', 'macro'],
    ['#none(1)', 'none'],
    ['$!', '$!'],
    ['a${', '${'],
    ['$x.y()z.w', 'behind a reference'],
    ['$x{$x}', 'behind a reference'],
    ['$x.y## c', 'behind a reference'],
    ['a$', 'ends the template'],
    ['a #', 'ends the template'],
    ['#set($x = 2 -1)', 'expected )'],
    ['#set($x = -$y)', 'expected a text in quotes'],
    ['#set($x = null)', 'expected a text in quotes'],
    ['#set($x = 9007199254740993)', 'not emulated'],
    ['$x.y($z + 1)', 'expected )'],
    ['#if($x)', '#end'],
    ['#if($x)a#end b #end c', 'line 1, column 16'],
    ['#foreach($i in [1..2])#if($i)#end', '#end'],
    ['#set($x = "#if(true)a")', '#end'],
    ['$x.format(1)', 'method format'],
    ['$util.qr("x")', '$util.qr'],
    ['$input.headers', 'not headers'],
    ['#set($context.requestOverride.path.id = "x")', 'requestOverride.path'],
    ['$input.path("$..x")', '$..x'],
    ['$input.json("$.a[*]")', '$.a[*]'],
    ['$input.path()', 'need a JSONPath'],
    ['#set($input = 1)', "can't assign to $input"],
    ['#set($x.get("a") = 1)', 'method call'],
  ])('is refused where it needs what is not emulated: %s', (template, reason) => {
    expect(() => compileTemplate(template)).toThrow(TemplateSyntaxError);
    expect(() => compileTemplate(template)).toThrow(reason);
  });

  it.each([
    ['$util.parseJson("x")'],
    ['$util.urlDecode("%zz")'],
    ['$util.base64Decode("?")'],
    ['#set($x = "abc")$x.substring(4)'],
    ['#set($x = "abc")$x.matches("(?i)ABC")'],
    ['#set($x = "abc")$x.replaceAll("\\p{Alpha}", "")'],
    ['#set($x = "abc")$x.replaceAll("b", "$")'],
  ])('fails where Java throws, and where a regular expression means another thing: %s', (template) => {
    expect(() => render(template)).toThrow();
  });
});

describe('a JSONPath', () => {
  const document = { a: { 'b c': [1, { d: null }] }, 'x-y': 2, __proto__: { inherited: 1 } };

  it.each([
    ['$', document],
    ["$.a['b c'][0]", 1],
    ['$.a["b c"][-1].d', null],
    ['x-y', 2],
    ['$.a.none.x', undefined],
    ['$.inherited', undefined],
    ['$.a.length', undefined],
  ])('%s selects one place', (path, expected) => {
    expect(compileJsonPath(path)(document as unknown as Value)).toEqual(expected);
  });

  it.each(['$..a', '$.*', '$[*]', '$[0:1]', '$[?(@.a)]', '$.a.', '$.length()', '$x'])('%s is refused', (path) => {
    expect(() => compileJsonPath(path)).toThrow(path);
  });
});
