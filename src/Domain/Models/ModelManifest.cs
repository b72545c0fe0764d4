using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Models;

/// <summary>Content of model.json, beside weights.safetensors: all that is needed to use the weights.</summary>
public sealed record ModelManifest
{
    public required LabelSpace LabelSpace { get; init; }
    public required string LabelSpaceHash { get; init; }
    public required TrainingRecipe Recipe { get; init; }
    public required IReadOnlyList<ModalityPreprocessing> Preprocessing { get; init; }
    public required ModelLineage Lineage { get; init; }

    /// <summary>What the images that it learnt from looked like, by modality; empty where the weights came from a file.</summary>
    public IReadOnlyList<LearntImages> LearntFrom { get; init; } = [];

    /// <summary>Of every dataset it was trained on; empty where the weights came from a file, or the model is from before these were kept.</summary>
    public IReadOnlyList<DatasetTerms> Terms { get; init; } = [];

    /// <summary>By task id. A task that is not named has <see cref="TaskTemperatures.None"/>: no case validated it, or the weights came from a file.</summary>
    public IReadOnlyDictionary<string, TaskTemperatures> Temperatures { get; init; } = new Dictionary<string, TaskTemperatures>();

    /// <summary>SHA-256 of weights.safetensors.</summary>
    public required string Weights { get; init; }
    public string Notice { get; init; } = "For research use, not a medical device.";
}

/// <summary>Where a model comes from.</summary>
/// <param name="Run">The training; "import-…" where the weights came from a file.</param>
/// <param name="Parent">The model whose weights it started from, as line/version; null from scratch.</param>
/// <param name="Datasets">name/version of every dataset it was trained on.</param>
public sealed record ModelLineage(string Run, int Attempt, string? Parent, IReadOnlyList<string> Datasets, int Seed);

/// <summary>Content of models/line/production.json. A write is refused where the store holds a higher generation.</summary>
/// <param name="Generation">Counts promotions and rollbacks of the line, from 1.</param>
/// <param name="Version">The model's version: models/line/version/.</param>
public sealed record ProductionPointer(int Generation, int Version);
