using System.Security.Cryptography;
using TorchSharp;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Planning;

/// <summary>
/// Two steps from the same weights at a recipe's shapes: the results must be finite and, on a CPU, the same bits. Memory that
/// is free before each step is filled with NaN, so that an operation that reads memory that nothing has written is caught.
/// </summary>
public static class ProcessorTest
{
    /// <summary>Passed in this process: shapes and threads decide, so that a later attempt of the same recipe starts at once.</summary>
    private static readonly HashSet<string> Passed = [];

    /// <exception cref="ProcessorFaultException">The processor does not compute the recipe reliably.</exception>
    public static void Run(TrainingRecipe recipe, LabelSpace space, Device device)
    {
        var shapes = $"{recipe.Network} {recipe.Width} {recipe.Norm} {recipe.Precision} {string.Join('×', recipe.Patch)} {recipe.LabelledBatch} {recipe.Stage2Steps > 0} {recipe.Teacher} {space.ActiveTasks.Count()} {device} {get_num_threads()}";
        lock (Passed)
            if (Passed.Contains(shapes))
                return;
        Check(() => Step(recipe, space, device), recipe, bits: device.type == DeviceType.CPU);
        lock (Passed)
            Passed.Add(shapes);
    }

    /// <param name="step">Gives the hash of everything that the step changed.</param>
    internal static void Check(Func<string> step, TrainingRecipe recipe, bool bits)
    {
        try
        {
            FillFreeMemory();
            var first = step();
            FillFreeMemory();
            if (step() != first && bits)
                throw new ProcessorFaultException(recipe, "two equal steps gave different weights");
        }
        catch (NonFiniteLossException e)
        {
            throw new ProcessorFaultException(recipe, $"the {e.What} of a step on noise is {e.Value}");
        }
    }

    private static string Step(TrainingRecipe recipe, LabelSpace space, Device device)
    {
        var last = recipe with { Stage1Steps = recipe.Stage2Steps > 0 ? 0 : 1, Stage2Steps = recipe.Stage2Steps > 0 ? 1 : 0, LearningRate = 1e-6, LearningRateDecayPower = 0, Accumulate = 1, ConsistencyRampSteps = 0, TeacherRampSteps = 0 };
        return Steps(last, space, device, steps: 1);
    }

    /// <summary>Steps on noise from the weights of one seed.</summary>
    /// <returns>The hash of weights, their average and the optimiser's moments.</returns>
    /// <exception cref="NonFiniteLossException">Of the first step that is not finite.</exception>
    internal static string Steps(TrainingRecipe recipe, LabelSpace space, Device device, int steps)
    {
        using var state = new TrainingState(new VerSemiNetwork(recipe.Width, recipe.Norm, space.Columns, seed: 0, recipe.Network), recipe, device);
        var schedule = new Schedule(recipe);
        var step = new TrainingStep(state, recipe, schedule, space, device, warm: false);
        while (state.Step < steps)
        {
            var batch = StepTrial.Batch(recipe, space, schedule.StageOf(state.Step));
            step.Run(() => batch);
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, tensor) in state.Tensors())
        {
            using var scope = NewDisposeScope();
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Blocks of many sizes, all bits 1 (NaN in every floating-point type), given back at once: the heap hands them out again.</summary>
    internal static void FillFreeMemory()
    {
        using var scope = NewDisposeScope();
        for (var bytes = 256L; bytes <= 32L << 20; bytes *= 2)
            for (var i = 0; i < Math.Clamp((16L << 20) / bytes, 1, 64); i++)
                empty(bytes, ScalarType.Byte).bytes.Fill(byte.MaxValue);
    }
}
