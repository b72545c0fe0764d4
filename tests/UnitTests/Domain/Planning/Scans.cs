using VerSemi.Domain.Planning;

namespace VerSemi.UnitTests.Domain.Planning;

/// <summary>Fingerprints and devices to plan for.</summary>
internal static class Scans
{
    /// <summary>As the hippocampus data is: 13 labelled training cases of two tasks, 45 unlabelled, about 35×50×35 voxels of 1 mm.</summary>
    public static DataFingerprint Hippocampus { get; } = Of("MRI", [35, 50, 35], [1, 1, 1], labelled: 13, unlabelled: 45, tasks: 2);

    public static DataFingerprint Of(string modality, int[] size, double[] spacing, int labelled = 20, int unlabelled = 10, int tasks = 1) => Of(
        [new ModalityFingerprint(modality, [.. Enumerable.Repeat(new ImageShape(size, spacing), labelled + unlabelled)])], labelled, unlabelled, tasks);

    public static DataFingerprint Of(IReadOnlyList<ModalityFingerprint> modalities, int labelled = 20, int unlabelled = 10, int tasks = 1) =>
        new(modalities, Enumerable.Range(1, tasks).ToDictionary(i => $"data/task{i}", _ => labelled), labelled, unlabelled, PartlyLabelled: 0, ValidationTotal: 3);

    public static DeviceFacts Cpu(double gibibytes = 16, int cores = 2) => new("cpu", (long)(gibibytes * (1L << 30)), CacheBytes: 1L << 30, cores);

    public static DeviceFacts Gpu(double gibibytes) => new("cuda:0", (long)(gibibytes * (1L << 30)), CacheBytes: 0, Cores: 0);
}
