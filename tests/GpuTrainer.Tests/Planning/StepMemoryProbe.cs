using System.Globalization;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Planning;

namespace VerSemi.GpuTrainer.Tests.Planning;

/// <summary>
/// Not a test: what a process that does nothing but one recipe's steps grows to. Run in a process of its own
/// (<see cref="ProbeProcess"/>), since a peak cannot be told from what other tests do beside it.
/// </summary>
public class StepMemoryProbe
{
    [Fact(Explicit = true)]
    public void Measure()
    {
        var shape = Environment.GetEnvironmentVariable(ProbeProcess.Shape)!.Split(',').Select(int.Parse).ToArray();
        var recipe = new TrainingRecipe { Width = shape[0], Patch = shape[1..4], LabelledBatch = shape[4], UnlabelledBatch = shape[4], DetachAggregate = true, Network = (NetworkDesign)shape[6] };
        var space = LabelSpace.Empty.Grow(Enumerable.Range(1, shape[5]).Select(i => ($"a/t{i}", $"t{i}", "MRI")));
        var before = Status("VmRSS");
        var times = StepTrial.Run(recipe, space, TorchRuntime.Start("cpu"), growth: null, TestContext.Current.CancellationToken);
        File.WriteAllText(Environment.GetEnvironmentVariable(ProbeProcess.Answer)!,
            string.Create(CultureInfo.InvariantCulture, $"{Status("VmHWM") - before} {before} {times.Stage1Seconds} {times.Stage2Seconds} {times.WindowSeconds}"));
    }

    /// <summary>Bytes, of Linux' own account of this process.</summary>
    private static long Status(string name) =>
        long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
}
