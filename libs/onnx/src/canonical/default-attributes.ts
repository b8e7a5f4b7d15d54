// Facts of the ONNX standard: which attribute means what where it is not given, by operator. A number is an int; a default
// that came, changed or went with a version of the operator is listed with these versions, back to opset 7. Operators
// that draw lots are left out, as no task allows them. What is listed never changes; a new release may add to it.

/** Of the attribute type, as in AttributeProto: floats as their bits. */
export interface Default {
  type: number;
  values: readonly (number | bigint | string)[];
  /** In place of values: a list of any length that holds nothing else. */
  every?: bigint;
}

type Written = Default | number | string;
/** From which version on what holds: nothing, where there is no such attribute or no default. */
type Since = readonly [version: number, value: Written | null];
type Operators = Record<string, Record<string, Written | readonly Since[]>>;

const float = (value: number): Default => ({ type: 1, values: [...new Uint32Array(Float32Array.of(value).buffer)] });
const ints = (...values: number[]): Default => ({ type: 7, values: values.map(BigInt) });
const strings = (...values: string[]): Default => ({ type: 8, values });
const from = (version: number, value: Written): readonly Since[] => [[version, value]];

/** The standard says so in words only, because how many depends on the rank. */
const ones: Default = { type: 7, values: [], every: 1n };
const zeros: Default = { type: 7, values: [], every: 0n };

const onnx: Operators = {
  AffineGrid: { align_corners: 0 },
  ArgMax: { axis: 0, keepdims: 1, select_last_index: from(12, 0) },
  ArgMin: { axis: 0, keepdims: 1, select_last_index: from(12, 0) },
  Attention: {
    is_causal: 0,
    left_window_size: from(25, -1),
    qk_matmul_output_mode: 0,
    right_window_size: from(25, -1),
    softcap: float(0),
  },
  AveragePool: {
    auto_pad: 'NOTSET',
    ceil_mode: from(10, 0),
    count_include_pad: 0,
    dilations: from(19, ones),
    pads: zeros,
    strides: ones,
  },
  BatchNormalization: {
    epsilon: float(1e-5),
    momentum: float(0.9),
    spatial: [
      [7, 1],
      [9, null],
    ],
    training_mode: from(14, 0),
  },
  BlackmanWindow: { output_datatype: 1, periodic: 1 },
  Cast: { round_mode: from(24, 'up'), saturate: from(19, 1) },
  CastLike: { round_mode: from(24, 'up'), saturate: from(19, 1) },
  CausalConvWithState: { activation: 'none' },
  Celu: { alpha: float(1) },
  Clip: {
    max: [
      [6, float(3.4028235e38)],
      [11, null],
    ],
    min: [
      [6, float(-3.4028235e38)],
      [11, null],
    ],
  },
  ConcatFromSequence: { new_axis: 0 },
  Conv: { auto_pad: 'NOTSET', dilations: ones, group: 1, pads: zeros, strides: ones },
  ConvInteger: { auto_pad: 'NOTSET', dilations: ones, group: 1, pads: zeros, strides: ones },
  ConvTranspose: { auto_pad: 'NOTSET', dilations: ones, group: 1, pads: zeros, strides: ones },
  CumProd: { exclusive: 0, reverse: 0 },
  CumSum: { exclusive: 0, reverse: 0 },
  DFT: {
    axis: [
      [17, 1],
      [20, null],
    ],
    inverse: 0,
    onesided: 0,
  },
  DeformConv: { group: 1, offset_group: 1 },
  DepthToSpace: { mode: from(11, 'DCR') },
  DequantizeLinear: { axis: from(13, 1), block_size: from(21, 0), output_dtype: from(23, 0) },
  Dropout: {
    ratio: [
      [7, float(0.5)],
      [12, null],
    ],
  },
  Elu: { alpha: float(1) },
  EyeLike: { k: 0 },
  Flatten: { axis: 1 },
  GRU: { direction: 'forward', layout: from(14, 0), linear_before_reset: 0 },
  Gather: { axis: 0 },
  GatherElements: { axis: 0 },
  GatherND: { batch_dims: from(12, 0) },
  Gelu: { approximate: 'none' },
  Gemm: { alpha: float(1), beta: float(1), transA: 0, transB: 0 },
  GlobalLpPool: { p: 2 },
  GridSample: {
    align_corners: 0,
    mode: [
      [16, 'bilinear'],
      [20, 'linear'],
    ],
    padding_mode: 'zeros',
  },
  GroupNormalization: { epsilon: float(1e-5), stash_type: from(21, 1) },
  HammingWindow: { output_datatype: 1, periodic: 1 },
  HannWindow: { output_datatype: 1, periodic: 1 },
  HardSigmoid: { alpha: float(0.2), beta: float(0.5) },
  Hardmax: {
    axis: [
      [1, 1],
      [13, -1],
    ],
  },
  ImageDecoder: { pixel_format: 'RGB' },
  InstanceNormalization: { epsilon: float(1e-5) },
  IsInf: { detect_negative: 1, detect_positive: 1 },
  LRN: { alpha: float(1e-4), beta: float(0.75), bias: float(1) },
  LSTM: { direction: 'forward', input_forget: 0, layout: from(14, 0) },
  LayerNormalization: { axis: -1, epsilon: float(1e-5), stash_type: 1 },
  LeakyRelu: { alpha: float(0.01) },
  LinearAttention: { chunk_size: 64, scale: float(0), update_rule: 'gated_delta' },
  LogSoftmax: {
    axis: [
      [1, 1],
      [13, -1],
    ],
  },
  LpNormalization: { axis: -1, p: 2 },
  LpPool: { auto_pad: 'NOTSET', ceil_mode: from(18, 0), dilations: from(18, ones), p: 2, pads: zeros, strides: ones },
  MaxPool: {
    auto_pad: 'NOTSET',
    ceil_mode: from(10, 0),
    dilations: from(10, ones),
    pads: zeros,
    storage_order: from(8, 0),
    strides: ones,
  },
  MaxRoiPool: { spatial_scale: float(1) },
  MeanVarianceNormalization: { axes: ints(0, 2, 3) },
  MelWeightMatrix: { output_datatype: 1 },
  Mod: { fmod: 0 },
  NegativeLogLikelihoodLoss: { reduction: 'mean' },
  NonMaxSuppression: { center_point_box: 0 },
  OneHot: { axis: -1 },
  Pad: {
    mode: 'constant',
    value: [
      [2, float(0)],
      [11, null],
    ],
  },
  QLinearConv: { auto_pad: 'NOTSET', dilations: ones, group: 1, pads: zeros, strides: ones },
  QuantizeLinear: {
    axis: from(13, 1),
    block_size: from(21, 0),
    output_dtype: from(21, 0),
    precision: from(23, 0),
    saturate: from(19, 1),
  },
  RMSNormalization: { axis: -1, epsilon: float(1e-5), stash_type: 1 },
  RNN: { activations: strings('Tanh', 'Tanh'), direction: 'forward', layout: from(14, 0) },
  Range: { stash_type: from(27, 1) },
  ReduceL1: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceL2: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceLogSum: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceLogSumExp: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceMax: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceMean: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceMin: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceProd: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  ReduceSum: { keepdims: 1, noop_with_empty_axes: from(13, 0) },
  ReduceSumSquare: { keepdims: 1, noop_with_empty_axes: from(18, 0) },
  Reshape: { allowzero: from(14, 0) },
  Resize: {
    antialias: from(18, 0),
    coordinate_transformation_mode: from(11, 'half_pixel'),
    cubic_coeff_a: from(11, float(-0.75)),
    exclude_outside: from(11, 0),
    extrapolation_value: from(11, float(0)),
    keep_aspect_ratio_policy: from(18, 'stretch'),
    mode: 'nearest',
    nearest_mode: from(11, 'round_prefer_floor'),
  },
  ReverseSequence: { batch_axis: 1, time_axis: 0 },
  RoiAlign: {
    coordinate_transformation_mode: from(16, 'half_pixel'),
    mode: 'avg',
    output_height: 1,
    output_width: 1,
    sampling_ratio: 0,
    spatial_scale: float(1),
  },
  RotaryEmbedding: { interleaved: 0, rotary_embedding_dim: 0 },
  STFT: { onesided: 1 },
  Scatter: { axis: 0 },
  ScatterElements: { axis: 0, reduction: from(16, 'none') },
  ScatterND: { reduction: from(16, 'none') },
  Selu: { alpha: float(1.6732632), gamma: float(1.050701) },
  Shape: { start: from(15, 0) },
  Shrink: { bias: float(0), lambd: float(0.5) },
  Softmax: {
    axis: [
      [1, 1],
      [13, -1],
    ],
  },
  SoftmaxCrossEntropyLoss: { reduction: 'mean' },
  SpaceToDepth: { mode: from(28, 'DCR') },
  Split: { axis: 0 },
  SplitToSequence: { axis: 0, keepdims: 1 },
  StringNormalizer: { case_change_action: 'NONE', is_case_sensitive: 0 },
  SwiGLU: { alpha: float(1) },
  Swish: { alpha: float(1) },
  TensorScatter: { axis: -2, mode: 'linear' },
  ThresholdedRelu: { alpha: float(1) },
  TopK: { axis: -1, largest: from(11, 1), sorted: from(11, 1) },
  Trilu: { upper: 1 },
  Unique: { sorted: 1 },
  Upsample: { mode: 'nearest' },
};

const ml: Operators = {
  Binarizer: { threshold: float(0) },
  CastMap: { cast_to: 'TO_FLOAT', map_form: 'DENSE', max_map: 1 },
  CategoryMapper: { default_int64: -1, default_string: '_Unused' },
  Imputer: { replaced_value_float: float(0), replaced_value_int64: 0 },
  LabelEncoder: { default_float: from(2, float(-0)), default_int64: -1, default_string: '_Unused' },
  LinearClassifier: { multi_class: 0, post_transform: 'NONE' },
  LinearRegressor: { post_transform: 'NONE', targets: 1 },
  Normalizer: { norm: 'MAX' },
  OneHotEncoder: { zeros: 1 },
  SVMClassifier: { kernel_type: 'LINEAR', post_transform: 'NONE' },
  SVMRegressor: { kernel_type: 'LINEAR', n_supports: 0, one_class: 0, post_transform: 'NONE' },
  TreeEnsemble: { aggregate_function: 1, post_transform: 0 },
  TreeEnsembleClassifier: { post_transform: 'NONE' },
  TreeEnsembleRegressor: { aggregate_function: 'SUM', post_transform: 'NONE' },
};

const asDefault = (value: Written): Default =>
  typeof value === 'number'
    ? { type: 2, values: [BigInt(value)] }
    : typeof value === 'string'
      ? { type: 3, values: [value] }
      : value;

const historyOf = (entry: Written | readonly Since[]): readonly (readonly [number, Default | null])[] =>
  (entry instanceof Array ? entry : from(1, entry)).map(
    ([version, value]) => [version, value === null ? null : asDefault(value)] as const,
  );

const table = new Map(
  Object.entries({ '': onnx, 'ai.onnx.ml': ml }).map(([domain, operators]) => [
    domain,
    new Map(
      Object.entries(operators).map(([name, attributes]) => [
        name,
        new Map(Object.entries(attributes).map(([attribute, entry]) => [attribute, historyOf(entry)])),
      ]),
    ),
  ]),
);

/** The attributes that a version of an operator has a default for. */
export function defaultsAt(version: number, domain: string, operator: string): Map<string, Default> {
  const found = new Map<string, Default>();
  for (const [attribute, history] of table.get(domain)?.get(operator) ?? []) {
    const known = history.findLast(([since]) => since <= version)?.[1];
    if (known) found.set(attribute, known);
  }
  return found;
}
