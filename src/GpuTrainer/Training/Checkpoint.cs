using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>What stands beside the tensors in a checkpoint file.</summary>
public sealed record CheckpointHeader
{
    public required string Run { get; init; }

    /// <summary>Steps done, over both stages.</summary>
    public required int Step { get; init; }

    /// <summary>1 or 2: of the next step.</summary>
    public required int Stage { get; init; }
    public required int Seed { get; init; }
    public required TrainingRecipe Recipe { get; init; }
    public required LabelSpace LabelSpace { get; init; }
    public required string LabelSpaceHash { get; init; }
    public required IReadOnlyList<DatasetVersion> Datasets { get; init; }
    public required IReadOnlyList<ModalityPreprocessing> Preprocessing { get; init; }

    /// <summary>What the images look like that the weights have learnt from, those of the parent included.</summary>
    public IReadOnlyList<LearntImages> LearntFrom { get; init; } = [];

    /// <summary>The model whose weights the run started from, as line/version; null from scratch.</summary>
    public string? Parent { get; init; }

    /// <summary>Of training so far, over all attempts.</summary>
    public double Seconds { get; init; }
    public double WaitingSeconds { get; init; }

    /// <summary>Null before the first validation.</summary>
    public ValidationScore? Best { get; init; }

    /// <summary>Null at an epoch's beginning and in stage 1.</summary>
    public UnlabelledTally? Unlabelled { get; init; }
}

/// <summary>Content of last.json and best.json, written after the file that it names.</summary>
/// <param name="File">Beside the pointer.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Validation">best.json only.</param>
/// <param name="Best">last.json only: what best.json holds, for the case that it is damaged.</param>
public sealed record CheckpointPointer(int Step, string File, string Sha256, ValidationScore? Validation = null, CheckpointPointer? Best = null);

/// <summary>A checkpoint whose file was found and verified.</summary>
/// <param name="Path">A file on this machine.</param>
public sealed record FoundCheckpoint(int Attempt, CheckpointPointer Pointer, string Path);
