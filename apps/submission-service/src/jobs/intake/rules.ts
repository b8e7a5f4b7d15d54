import type { TaskSpec } from '@arena/contracts';
import type { Rules } from '@arena/onnx';

/** What the child is told of a task: what a model is held against without running it. */
export function rulesOf({ model }: TaskSpec): Rules {
  const { opset, operators, inputs, outputs } = model;
  const { maxBytes, maxParameters, maxStaticTensorBytes, maxNodes, maxSubgraphDepth } = model;
  return {
    opset,
    operators,
    inputs,
    outputs,
    maxBytes,
    maxParameters,
    maxStaticTensorBytes,
    maxNodes,
    maxSubgraphDepth,
  };
}
