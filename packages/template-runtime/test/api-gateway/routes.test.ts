import { Routes } from '../../api-gateway/routes';

function routes(...paths: string[]): Routes<string> {
  const made = new Routes<string>();
  for (const route of paths) {
    const [method = '', path = ''] = route.split(' ');
    made.add(path, method, route);
  }
  return made;
}

const found = (made: Routes<string>, request: string): unknown => {
  const [method = '', path = ''] = request.split(' ');
  const match = made.match(method, path);
  return match && [match.target, { ...match.pathParameters }];
};

describe('routes', () => {
  it.each([
    ['POST /dynamo/votes', { store: 'dynamo', id: 'votes' }],
    ['POST /dynamo/votes/', { store: 'dynamo', id: 'votes' }],
    ['POST /dynamo/votes//', { store: 'dynamo', id: 'votes' }],
    ['POST /dynamo/a%2Fb%20c', { store: 'dynamo', id: 'a%2Fb%20c' }],
    ['POST /dynamo/..', { store: 'dynamo', id: '..' }],
    ['POST /./%2E%2E', { store: '.', id: '%2E%2E' }],
    ['POST /dynamo/a:b@c~d;e=f', { store: 'dynamo', id: 'a:b@c~d;e=f' }],
    ['POST /__proto__/constructor', { store: '__proto__', id: 'constructor' }],
  ])('%s gives its parameters as sent', (request, parameters) => {
    expect(found(routes('POST /{store}/{id}'), request)).toEqual(['POST /{store}/{id}', parameters]);
  });

  it.each(['POST /dynamo', 'POST /dynamo/', 'POST //votes', 'POST //', 'POST /a/b/c', 'POST ', 'GET /dynamo/votes'])(
    'nothing is found for "%s"',
    (request) => {
      expect(found(routes('POST /{store}/{id}'), request)).toBeUndefined();
    },
  );

  it.each([
    ['GET /part1', 'GET /part1'],
    ['GET /part1/fixed', 'GET /part1/fixed'],
    ['GET /part1/random', 'GET /{proxy+}'],
    ['GET /part2/x', 'GET /{proxy+}'],
    ['GET /', 'GET /'],
    ['GET ', 'GET /'],
  ])('for %s a literal part comes before a greedy one', (request, target) => {
    const made = routes('GET /{proxy+}', 'GET /part1', 'GET /part1/fixed', 'GET /');

    expect((found(made, request) as [string])[0]).toBe(target);
  });

  it('a parameter comes before a greedy one', () => {
    const made = routes('GET /{proxy+}', 'GET /{id}');

    expect(found(made, 'GET /a')).toEqual(['GET /{id}', { id: 'a' }]);
    expect(found(made, 'GET /a/b')).toEqual(['GET /{proxy+}', { proxy: 'a/b' }]);
  });

  it.each([
    ['GET ', 'ANY /'],
    ['GET /redis', 'ANY /{store}'],
    ['GET /redis/', 'ANY /{store}'],
    ['GET /redis/votes', 'GET /{store}/{id}'],
    ['PUT /redis/votes', 'ANY /{store}/{id}'],
    ['GET /redis/votes/', 'GET /{store}/{id}'],
    ['GET /redis/votes/more', 'ANY /{store}/{id}/{proxy+}'],
    ['GET /redis/votes/more/still', 'ANY /{store}/{id}/{proxy+}'],
  ])('%s is taken by %s where each resource takes what its methods do not', (request, target) => {
    const made = routes(
      ...['ANY /', 'ANY /{store}', 'GET /{store}/{id}', 'ANY /{store}/{id}', 'ANY /{store}/{id}/{proxy+}'],
    );

    expect(found(made, request)).toEqual([target, expect.anything()]);
  });

  it('a greedy parameter keeps double slashes', () => {
    expect(found(routes('GET /x/{proxy+}'), 'GET /x/a//b')).toEqual(['GET /x/{proxy+}', { proxy: 'a//b' }]);
  });

  it('goes back to a worse resource that has the method', () => {
    const made = routes('POST /test', 'OPTIONS /{proxy+}', 'ANY /test/any');

    expect(found(made, 'POST /test')).toEqual(['POST /test', {}]);
    expect(found(made, 'OPTIONS /test')).toEqual(['OPTIONS /{proxy+}', { proxy: 'test' }]);
    expect(found(made, 'OPTIONS /test/any')).toEqual(['ANY /test/any', {}]);
    expect(found(made, 'GET /test')).toBeUndefined();
  });

  it('prefers a method to ANY', () => {
    const made = routes('ANY /a', 'GET /a');

    expect(found(made, 'GET /a')).toEqual(['GET /a', {}]);
    expect(found(made, 'HEAD /a')).toEqual(['ANY /a', {}]);
  });
});
