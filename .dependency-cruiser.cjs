// The arrows of the house: transport → feature → realtime → protocol, and inside a feature
// gateway/controller → service → repository → entity. docs/architecture.md tells why.
const FEATURES = '^src/(auth|users|rooms|chat|search|moderation)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two classes may know each other as types; nothing may need the other to be loaded first.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'protocol-imports-nothing',
      comment: 'protocol/ is what clients see. Everything may know it; it knows nothing.',
      severity: 'error',
      from: { path: '^src/protocol/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/protocol/' },
    },
    {
      name: 'common-is-a-leaf',
      severity: 'error',
      from: { path: '^src/common/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(common|protocol)/' },
    },
    {
      name: 'realtime-is-a-library',
      comment: 'realtime/ is plain TypeScript: no Nest (its module file aside), no ws, no TypeORM.',
      severity: 'error',
      from: { path: '^src/realtime/', pathNot: '(\\.spec|realtime\\.module)\\.ts$' },
      to: {
        path: 'node_modules/(@nestjs|ws|typeorm|pg|ioredis)/|^src/(auth|users|rooms|chat|search|moderation|transport|database|broker|redis|config|docs|health)/',
      },
    },
    {
      name: 'brokers-are-carriers',
      comment: 'A broker carries text between nodes and knows nothing of what it says.',
      severity: 'error',
      from: { path: '^src/(broker|redis)/' },
      to: { path: `${FEATURES}|^src/(transport|docs|health)/|^src/realtime/broker/announcement` },
    },
    {
      name: 'features-know-no-transport',
      comment:
        'Only transport/ knows status numbers and close codes. Guards, decorators and filters live below it.',
      severity: 'error',
      from: { path: FEATURES },
      to: { path: '^src/transport/' },
    },
    {
      name: 'services-know-no-door',
      severity: 'error',
      from: { path: '\\.(service|repository|entity)\\.ts$' },
      to: { path: '\\.(controller|gateway|guard)\\.ts$' },
    },
    {
      name: 'repositories-know-no-service',
      severity: 'error',
      from: { path: '\\.(repository|entity)\\.ts$' },
      to: { path: '\\.service\\.ts$' },
    },
    {
      name: 'entities-are-leaves',
      severity: 'error',
      from: { path: '\\.entity\\.ts$' },
      to: { path: '\\.repository\\.ts$' },
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|create-app|docs/generate|cli/[^/]+)\\.ts$' },
      to: { path: '^src/(main|app\\.module)\\.ts$' },
    },
    {
      name: 'the-server-knows-no-chaos',
      comment: 'What breaks or measures the server stands outside of it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(chaos|bench|test)/' },
    },
    {
      name: 'the-judge-is-pure',
      comment: 'The judge of the fault runner knows the evidence and nothing else.',
      severity: 'error',
      from: { path: '^chaos/judge/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^chaos/judge/' },
    },
    {
      name: 'the-load-is-a-stranger',
      comment: 'A load knows the protocol and no server, or both could be wrong together.',
      severity: 'error',
      from: { path: '^bench/(load|protocols)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|test|bench)/', pathNot: '^(src/protocol|bench/(load|protocols|remote))' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
