using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <summary>What one step may take of a device.</summary>
internal sealed record StepRoom(DeviceFacts Device, TrunkPrecision Precision, NetworkDesign Network)
{
    /// <summary>Of the device's memory: the rest is for what a step's peak and the allocator's gaps add.</summary>
    private const double UsableShare = 0.8;

    /// <summary>On a CPU the samples of one half batch have at most as many voxels a core: some seconds a step.</summary>
    private const long VoxelsPerCore = 64 * 64 * 64;

    public double Bytes => Device.MemoryBytes * UsableShare - Device.CacheBytes - StepMemory.ProcessBytes;

    public bool Holds(int width, IReadOnlyList<int> patch, int batch) =>
        BytesOf(width, patch, batch) <= Bytes
        && (Device.Cores == 0 || Geometry.Voxels(patch) * batch / RecipePlanner.SmallestBatch <= Device.Cores * VoxelsPerCore);

    public long BytesOf(int width, IReadOnlyList<int> patch, int batch) => StepMemory.Of(width, Geometry.Voxels(patch), batch, Precision, Network);
}
