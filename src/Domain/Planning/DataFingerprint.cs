namespace VerSemi.Domain.Planning;

/// <summary>What a training's datasets look like from far: all that <see cref="RecipePlanner"/> knows of them.</summary>
/// <param name="Modalities">In the order of the datasets.</param>
/// <param name="LabelledCases">Labelled training cases by task id; tasks without one are left out.</param>
/// <param name="LabelledTotal">Labelled training cases, each counted once.</param>
/// <param name="UnlabelledTotal">Images without a label.</param>
/// <param name="PartlyLabelled">Labelled training cases that are not annotated for every task.</param>
/// <param name="ValidationTotal">Labelled validation cases.</param>
public sealed record DataFingerprint(
    IReadOnlyList<ModalityFingerprint> Modalities, IReadOnlyDictionary<string, int> LabelledCases,
    int LabelledTotal, int UnlabelledTotal, int PartlyLabelled, int ValidationTotal);

/// <param name="Images">Training and unlabelled images; of very many, the first of each dataset.</param>
public sealed record ModalityFingerprint(string Modality, IReadOnlyList<ImageShape> Images);

/// <param name="Size">Voxels along R, A, S.</param>
/// <param name="Spacing">Millimetres along R, A, S.</param>
public sealed record ImageShape(IReadOnlyList<int> Size, IReadOnlyList<double> Spacing);

/// <summary>The device that a training runs on.</summary>
/// <param name="Name">"cpu", "cuda:0", ….</param>
/// <param name="MemoryBytes">Of the device; on a CPU what this process may have.</param>
/// <param name="CacheBytes">Of that, at most kept for prepared volumes; 0 on a GPU, whose memory holds none.</param>
/// <param name="Cores">Threads of one operation on a CPU; 0 on a GPU.</param>
public sealed record DeviceFacts(string Name, long MemoryBytes, long CacheBytes, int Cores);

/// <summary>The champion that a training starts from: what it decided once and for all.</summary>
/// <param name="Name">line/version.</param>
/// <param name="Spacing">Millimetres along R, A, S by modality.</param>
/// <param name="Patch">Voxels along R, A, S.</param>
public sealed record KnownModel(string Name, int Width, Recipes.FeatureNorm Norm, IReadOnlyList<int> Patch, IReadOnlyDictionary<string, IReadOnlyList<double>> Spacing,
    Recipes.NetworkDesign Network = Recipes.NetworkDesign.Reference);
