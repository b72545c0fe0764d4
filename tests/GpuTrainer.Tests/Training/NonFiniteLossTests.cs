using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class NonFiniteLossTests
{
    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_names_step_and_cases()
    {
        using var store = new SmallStore(validation: 0);
        var cancellation = TestContext.Current.CancellationToken;
        var run = store.Run(SmallStore.Recipe with { LearningRate = 1, SyntheticWeight = 100, Beta2 = 0, GradientClip = 0, Stage1Steps = 4000, Stage2Steps = 0 });
        var overflow = run with { Recipe = run.Recipe with { LearningRate = 1e38 } };
        var error = Assert.Throws<NonFiniteLossException>(() => new Trainer(overflow, 1, store.Blobs, new TrainerOptions { Scratch = store.Scratch, Threads = 1 }).Run(cancellation, cancellation));
        Assert.InRange(error.Step, 2, 10);
        Assert.NotEmpty(error.Cases);
        Assert.Contains($"step {error.Step}", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Cases[0], error.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Data, TrainingFailures.Classify(error));
    }
}
