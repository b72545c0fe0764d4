namespace VerSemi.Domain.Recipes;

/// <summary>The norm in front of the controller and of the features (docs/method.md, "Network").</summary>
public enum FeatureNorm
{
    /// <summary>The reference. Its running statistics follow whatever was trained last.</summary>
    Batch,
    Group,
}

/// <summary>What the EMA teacher says of the unlabelled images of stage 2, beside the synthetic task's consistency.</summary>
public enum TeacherTarget
{
    /// <summary>Nothing: the reference.</summary>
    None,

    /// <summary>
    /// Its answer on u, as hard labels with the pasted cube's true label in them, is the target for the same task on
    /// v = mix(u, x) (bidirectional copy-paste: Bai et al., CVPR 2023, "inwards").
    /// </summary>
    PseudoLabels,

    /// <summary>
    /// Its probabilities on u are the target (mean square) for u with Gaussian noise (Tarvainen and Valpola, NeurIPS
    /// 2017; Yu et al., MICCAI 2019). No image is mixed with an unlabelled one: the synthetic task learns from mix(a, b) alone.
    /// </summary>
    NoisyImages,
}

/// <summary>What the trunk's convolutions compute in.</summary>
public enum TrunkPrecision
{
    Float32,

    /// <summary>Half the memory of the trunk, and faster where the processor has instructions for it; weights stay float32.</summary>
    Bfloat16,
}

/// <summary>
/// Everything that decides how a model is trained, but the data and the seed. A JSON file; what it leaves out has the
/// default below: of the method what was measured to work (docs/benchmarks.md), of sizes and lengths the reference's. The
/// recipe `reference` states what differs in the reference. Validated by <see cref="RecipeErrors.Validate"/>, which reports
/// every error at once.
/// </summary>
public sealed record TrainingRecipe
{
    public string Name { get; init; } = "custom";

    /// <summary>
    /// True: <see cref="Planning.RecipePlanner"/> chooses spacing (where it is null), patch, batches, width, steps and the
    /// intervals from the data and the device, at the start of the training; what this recipe says of these is not read.
    /// A stage 2 of 0 steps is left out.
    /// </summary>
    public bool Auto { get; init; }

    /// <summary>reference, or fine: one with more at full resolution, which costs time and memory.</summary>
    public NetworkDesign Network { get; init; }

    /// <summary>Channels of the first block; 16 is the reference. 4…64, a multiple of 4.</summary>
    public int Width { get; init; } = 16;
    public FeatureNorm Norm { get; init; } = FeatureNorm.Group;

    /// <summary>Of the trunk, in training and inference: float32, or bfloat16 with float32 weights, norms, heads and losses.</summary>
    public TrunkPrecision Precision { get; init; }

    /// <summary>Patch in voxels along R, A, S; multiples of 16.</summary>
    public IReadOnlyList<int> Patch { get; init; } = [96, 96, 96];

    /// <summary>Millimetres along R, A, S; null: the median spacing of the line's first dataset of each modality.</summary>
    public IReadOnlyList<double>? Spacing { get; init; }

    /// <summary>Labelled samples a step; even, at least 2 (its halves are mixed).</summary>
    public int LabelledBatch { get; init; } = 8;

    /// <summary>Unlabelled samples a step of stage 2; equal to <see cref="LabelledBatch"/>, since v = mix(u, x).</summary>
    public int UnlabelledBatch { get; init; } = 8;

    /// <summary>
    /// Micro-batches a step, each of the two batch sizes above; their losses' mean is the step's loss. More samples a step
    /// in the memory of one micro-batch. Not the same as a larger batch: Dice sums over a micro-batch. 1…64.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Optimiser steps of stage 1 (labelled only).</summary>
    public int Stage1Steps { get; init; } = 10_000;

    /// <summary>Optimiser steps of stage 2 (with unlabelled images); 0 leaves stage 2 out.</summary>
    public int Stage2Steps { get; init; } = 10_000;

    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The learning rate falls from <see cref="LearningRate"/> along (1 − step/steps)^power over both stages; 0: constant, as the reference.</summary>
    public double LearningRateDecayPower { get; init; } = 0.9;

    /// <summary>
    /// The prompt columns learn at the learning rate times this; 1…100. Adam moves each number by about the learning rate
    /// a step, and of a head's parameters the prompt is one addend among the many of the pooled features: at 1, the
    /// reference, tasks that lie side by side are told apart only after many hundreds of steps.
    /// </summary>
    public double PromptLearningRateFactor { get; init; } = 10;

    /// <summary>
    /// Random prompt columns are drawn this many times wider than PyTorch's default, the reference; 1…20. At 1 the heads
    /// of two prompts start almost equal, features that tell the targets apart then have almost no gradient, and how long
    /// the network stays deaf to its prompt is chance.
    /// </summary>
    public double PromptInitialScale { get; init; } = 1;

    /// <summary>
    /// A training that starts from the champion's weights learns at the learning rate times this; 0.01…1. At 1 the first
    /// hundreds of steps undo part of what the champion knew of its own tasks before it is learnt again.
    /// </summary>
    public double WarmStartLearningRateFactor { get; init; } = 0.5;
    public double Beta1 { get; init; } = 0.5;
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Largest gradient norm; 0: no clipping, as the reference.</summary>
    public double GradientClip { get; init; }

    /// <summary>EMA teacher: α = min(1 − 1/(step+1), this), over the global step.</summary>
    public double EmaDecay { get; init; } = 0.99;

    /// <summary>Edge of stage 1's pasted cube as a fraction of the patch.</summary>
    public double MixRatio { get; init; } = 2.0 / 3.0;

    /// <summary>Stage 2 draws its cube edge uniformly from this to <see cref="MixRatioHigh"/>.</summary>
    public double MixRatioLow { get; init; } = 0.3;
    public double MixRatioHigh { get; init; } = 0.6;

    public double SyntheticWeight { get; init; } = 1;

    /// <summary>Weight of stage 1's term that keeps the network from ignoring its prompt.</summary>
    public double SpecificWeight { get; init; } = 0.5;

    /// <summary>What one Dice sums over: batch (the reference), prompt or sample.</summary>
    public DiceOver DiceOver { get; init; } = DiceOver.Prompt;

    /// <summary>What the specific term makes of the half of a mixed image that is not annotated for its task: background (the reference) or ignored.</summary>
    public Unannotated Unannotated { get; init; }
    public double ConsistencyWeight { get; init; } = 0.1;

    /// <summary>Steps of stage 2 over which the consistency weight rises as exp(−5(1−t)²); 0: at once.</summary>
    public int ConsistencyRampSteps { get; init; }

    /// <summary>
    /// Sharpens the aggregated prediction P: its logits are divided by this (entropy minimisation as in MixMatch, Berthelot et
    /// al., NeurIPS 2019); 0.05…1. 1: the reference.
    /// </summary>
    public double ConsistencyTemperature { get; init; } = 1;

    /// <summary>
    /// The consistency term leaves out voxels where P, before it is sharpened, lies between 1 − this and this; 0.5…0.999.
    /// 0.5: every voxel counts, the reference.
    /// </summary>
    public double ConsistencyConfidence { get; init; } = 0.5;
    public double PasteWeight { get; init; } = 1;

    /// <summary>True: the aggregated prediction P is a fixed target. False: the reference.</summary>
    public bool DetachAggregate { get; init; } = true;

    public TeacherTarget Teacher { get; init; }
    public double TeacherWeight { get; init; } = 1;

    /// <summary>Steps of stage 2 over which the teacher's weight rises as exp(−5(1−t)²); 0: at once.</summary>
    public int TeacherRampSteps { get; init; }

    /// <summary>
    /// Voxels where the teacher's foreground probability lies between 1 − this and this teach nothing (FixMatch, Sohn et al.,
    /// NeurIPS 2020, voxel by voxel and for foreground and background alike); 0.5…0.999. 0.5: every voxel counts.
    /// </summary>
    public double TeacherConfidence { get; init; } = 0.5;

    /// <summary>
    /// True: pseudo labels are also learnt in the other direction of bidirectional copy-paste (Bai et al., CVPR 2023,
    /// "outwards"): the cube of the unlabelled image in the labelled one. One pass of the trunk more in a step. Needs
    /// <see cref="TeacherTarget.PseudoLabels"/>.
    /// </summary>
    public bool TeacherBothWays { get; init; }

    /// <summary>
    /// Probability of each strong change of intensity (blur, bias field, gamma, noise) in the unlabelled images that the
    /// network learns from; the teacher answers on the images without them (weak-to-strong consistency: UniMatch, Yang et
    /// al., CVPR 2023). 0…1; 0: both see the same images.
    /// </summary>
    public double StrongAugmentation { get; init; }

    /// <summary>What a training that follows a champion does about the tasks that the champion knows.</summary>
    public GrowthMode Growth { get; init; }

    /// <summary>Weight of the term that holds old prompts' answers to the champion's; used by <see cref="GrowthMode.Distillation"/> alone, above 0 there, at most 100.</summary>
    public double DistillationWeight { get; init; } = 1;

    /// <summary>Share of labelled patches whose centre is forced onto a foreground voxel of the sample's task; 0…1.</summary>
    public double ForegroundShare { get; init; } = 0.5;

    public TaskSampling TaskSampling { get; init; }
    public AugmentationSet Augmentation { get; init; } = AugmentationSet.Standard;

    /// <summary>
    /// Axes along which augmentation may mirror a patch. Left and right only where no task tells them apart; the others
    /// where the anatomy looks alike both ways.
    /// </summary>
    public IReadOnlyList<BodyAxis> FlipAxes { get; init; } = [];
    public AugmentationRanges AugmentationRanges { get; init; } = new();

    /// <summary>Steps between two evaluations on validation (and checkpoints "best"); at least 1.</summary>
    public int ValidateEvery { get; init; } = 500;

    /// <summary>
    /// Validation cases of each task from which on the weights of the best validation are kept; with fewer it is the last
    /// averaged weights; 1…10000. The best of many validations on few cases is luck: on three hippocampus cases the choice
    /// cost 0.010 and 0.025 Dice (docs/benchmarks.md). Chance falls with the root of the number of cases: from 20 on, what
    /// it can cost is below 0.01, the smallest gain that a promotion counts.
    /// </summary>
    public int ChooseFromCases { get; init; } = 20;

    /// <summary>Steps between two checkpoints "last"; at least 1.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Overlap of neighbouring windows at inference; 0…0.9.</summary>
    public double Overlap { get; init; } = 0.5;

    [System.Text.Json.Serialization.JsonIgnore]
    public string Hash => ContentHash.Of(this with { Name = "" });
}
