using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class NonFiniteLossTests
{
    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_names_step_and_processor_and_blames_no_case()
    {
        using var store = new SmallStore(validation: 0);
        var cancellation = TestContext.Current.CancellationToken;
        var run = store.Run(SmallStore.Recipe with { LearningRate = 1, SyntheticWeight = 100, Beta2 = 0, GradientClip = 0, Stage1Steps = 4000, Stage2Steps = 0 });
        var overflow = run with { Recipe = run.Recipe with { LearningRate = 1e38 } };
        var error = Assert.Throws<NonFiniteLossException>(() => new Trainer(overflow, 1, store.Blobs, new TrainerOptions { Scratch = store.Scratch, Threads = 1 }).Run(cancellation, cancellation));
        Assert.InRange(error.Step, 2, 10);
        Assert.NotEmpty(error.Cases);
        Assert.Contains($"step {error.Step}", error.Message, StringComparison.Ordinal);
        Assert.Contains(Processor.Description, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Cases, name => error.Message.Contains(name, StringComparison.Ordinal));
        Assert.Equal(FailureKind.Numerics, TrainingFailures.Classify(error));
    }
}
