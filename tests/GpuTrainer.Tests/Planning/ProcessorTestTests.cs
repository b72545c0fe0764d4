using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Planning;

public sealed class ProcessorTestTests
{
    [Theory, InlineData(FeatureNorm.Batch, 12), InlineData(FeatureNorm.Group, 20), InlineData(FeatureNorm.Batch, 8)]
    public void This_machine_passes(FeatureNorm norm, int width)
    {
        using var store = new SmallStore();
        var recipe = SmallStore.Recipe with { Norm = norm, Width = width };
        ProcessorTest.Run(recipe, store.Run(recipe).LabelSpace, CPU);
    }

    [Fact]
    public void Steps_that_differ_are_a_fault_of_the_processor_which_is_named_with_the_way_out()
    {
        var steps = 0;
        var fault = Assert.Throws<ProcessorFaultException>(() => ProcessorTest.Check(() => $"{steps++}", SmallStore.Recipe, bits: true));
        Assert.Contains(Processor.Description, fault.Message, StringComparison.Ordinal);
        Assert.Contains("DNNL_MAX_CPU_ISA=SSE41", fault.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Numerics, TrainingFailures.Classify(fault));
        ProcessorTest.Check(() => $"{steps++}", SmallStore.Recipe, bits: false);
    }

    [Fact]
    public async Task A_training_whose_first_step_on_noise_is_not_finite_is_refused_before_it_begins()
    {
        using var store = new SmallStore();
        var cancellation = TestContext.Current.CancellationToken;
        var run = store.Run(SmallStore.Recipe with { PasteWeight = 1e39 });
        Assert.Throws<ProcessorFaultException>(() => new Trainer(run, 1, store.Blobs, new TrainerOptions { Scratch = store.Scratch, Threads = 1 }).Run(cancellation, cancellation));
        Assert.Null(await store.Blobs.FindAsync(BlobLayout.AttemptResult("run", 1), cancellation));
    }

    [Fact]
    public void The_processor_is_described_by_its_model_and_by_what_kernels_choose_by()
    {
        var described = Processor.Describe(["processor\t: 0", "model name\t: AMD EPYC", "flags\t\t: fpu sse4_1 avx2 avx512f avx512_bf16 rdrand"]);
        Assert.StartsWith("AMD EPYC (sse4_1 avx2 avx512f avx512_bf16; DNNL_MAX_CPU_ISA ", described, StringComparison.Ordinal);
    }
}
