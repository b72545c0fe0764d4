using VerSemi.Domain.Recipes;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>What a loss is made of. A term of weight 0 is not computed.</summary>
/// <param name="Over">What one Dice sums over.</param>
/// <param name="Unannotated">What the specific term makes of the half that is not annotated for its task.</param>
/// <param name="Temperature">P's logits are divided by it.</param>
/// <param name="Confidence">From which probability of foreground or background on P counts; 0.5: everywhere.</param>
/// <param name="TeacherConfidence">The same of the teacher's answers.</param>
/// <param name="BothWays">The teacher's answers are also pasted into the labelled images.</param>
public sealed record LossWeights(
    double Synthetic = 1, double Specific = 0.5, double Consistency = 1, double Paste = 1, bool DetachAggregate = false, double Teacher = 1,
    DiceOver Over = DiceOver.Batch, Unannotated Unannotated = Unannotated.Background,
    double Temperature = 1, double Confidence = 0.5, double TeacherConfidence = 0.5, bool BothWays = false);
