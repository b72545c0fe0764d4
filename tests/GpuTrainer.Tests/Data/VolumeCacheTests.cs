using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;

namespace VerSemi.GpuTrainer.Tests.Data;

public sealed class VolumeCacheTests : IDisposable
{
    private const long UnlabelledBytes = 20 * 20 * 20 * sizeof(float);
    private readonly SmallStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_large_volume_takes_the_place_of_as_many_small_ones_as_it_needs()
    {
        var cache = new VolumeCache(_store.Blobs, new Dictionary<string, ModalityPreprocessing> { ["MRI"] = new("MRI", [1, 1, 1], IntensityRule.PercentileZScore, 0.5, 99.5) }, 2 * UnlabelledBytes);
        var small = _store.Manifest.Unlabelled.Select(entry => new CaseReference(_store.Manifest, entry)).ToList();
        var labelled = new CaseReference(_store.Manifest, _store.Manifest.Cases[0]);
        Task<PreparedVolume> GetAsync(CaseReference reference) => cache.GetAsync(reference, TestContext.Current.CancellationToken);

        var (first, second) = (await GetAsync(small[0]), await GetAsync(small[1]));
        Assert.Same(first, await GetAsync(small[0]));
        Assert.Same(second, await GetAsync(small[1]));
        await GetAsync(labelled);

        Assert.NotSame(second, await GetAsync(small[1]));
    }
}
