import fc from 'fast-check';

/** Templates that nobody thought of: well-formed, of the parts that mapping templates are made of. */
export const randomTemplate: fc.Arbitrary<string> = fc
  .array(
    fc.letrec<{ node: string; nodes: string; expression: string; operand: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(
          ' ',
          '\n',
          '\t',
          '\r\n',
          'a ',
          '"',
          '{"k": ',
          '}',
          ', ',
          ')',
          ': ',
          '# ',
          '$ ',
          '#1',
          '\\ ',
          '\\\\ ',
        ),
        fc.constantFrom(
          '$a',
          '${a}',
          '$!b',
          '$!{c}',
          '$none.x',
          '\\$a ',
          '\\\\$a',
          '\\#if',
          '\\#end',
          '#none ',
          '$m.k',
          '$l[0]',
        ),
        fc.constantFrom(
          '## c\n',
          '#* c *#',
          '#[[ $a #if ]]#',
          '#stop',
          "$input.path('$.o')",
          "$input.json('$.o')",
          '$l.size()',
        ),
        fc
          .tuple(
            fc.constantFrom('#set($a = ', ' #set( $b=', '#{set}($c = '),
            tie('expression'),
            fc.constantFrom(')', ')\n', ') \n'),
          )
          .map((parts) => parts.join('')),
        fc
          .tuple(
            tie('expression'),
            tie('nodes'),
            fc.constantFrom('', '#else\n', '#{else}', '#elseif($a)'),
            tie('nodes'),
            fc.constantFrom('#end', '#end\n', '#{end}'),
          )
          .map(
            ([condition, then, between, otherwise, end]) =>
              `#if(${condition})${then}${between}${between && otherwise}${end}`,
          ),
        fc
          .tuple(fc.constantFrom('$l', '[1..3]', '[3..1]', '["x", $a]', '$m', '$none', '$a'), tie('nodes'))
          .map(([from, body]) => `#foreach($i in ${from})$i$foreach.count#if($foreach.hasNext),#end${body}#end `),
      ),
      nodes: fc.array(tie('node'), { maxLength: 3 }).map((nodes) => nodes.join('')),
      expression: fc.oneof(
        { maxDepth: 2 },
        tie('operand'),
        fc
          .tuple(
            tie('expression'),
            fc.constantFrom(
              '+',
              '-',
              '*',
              '/',
              '%',
              '==',
              '!=',
              '<',
              '<=',
              '>',
              '>=',
              '&&',
              '||',
              'eq',
              'ne',
              'and',
              'or',
              'lt',
              'ge',
            ),
            tie('expression'),
          )
          .map((parts) => parts.join(' ')),
        tie('expression').map((expression) => `(${expression})`),
        tie('operand').map((operand) => `!${operand}`),
      ),
      operand: fc.constantFrom(
        '$a',
        '$b',
        '$!c',
        '$none',
        '$m.k',
        '$l[1]',
        '$l.size()',
        '$b.length()',
        '$b.substring(1)',
        '$b.replaceAll("[a-z]", "-")',
        '1',
        '0',
        '-3',
        '7',
        '2.5',
        '.5',
        '1.0',
        'true',
        'false',
        '"x"',
        '"x$a"',
        "'y'",
        '""',
        '[1, 2]',
        '[]',
        '{"k": 1}',
        '"q#if($a)w#end"',
        '$util.escapeJavaScript("it\'s /")',
        '$util.urlEncode("a b&é")',
      ),
    })).node,
    { minLength: 1, maxLength: 6 },
  )
  .map((nodes) => `#set($a = 1)#set($b = "xy")#set($m = {"k": "v"})#set($l = [4, 5])\n${nodes.join('')}.`);
