using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Evaluation;

public sealed class SlidingWindowTests : IDisposable
{
    private readonly VerSemiNetwork _network = new(4, FeatureNorm.Batch, 3, seed: 1);
    private readonly Size3 _patch = new(16, 16, 16);
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public void A_volume_of_one_patch_is_the_networks_direct_answer()
    {
        var volume = Wave(_patch);
        var found = Windows(new InferenceOptions()).Predict(volume, [new Prompt(1)], _cancellation)[0];
        _network.eval();
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        var direct = _network.Heads(_network.Trunk(tensor(volume.Voxels, [1, 1, 16, 16, 16])), [0], [new Prompt(1)]).softmax(1)[0, 1].flatten().data<float>().ToArray();
        AssertClose(direct, found);
    }

    [Fact]
    public void All_tasks_in_one_pass_are_the_tasks_one_by_one()
    {
        var volume = Wave(new Size3(24, 20, 17));
        Prompt[] prompts = [new(0), new(1), new(2), Prompt.Synthetic];
        var together = Windows(new InferenceOptions()).Predict(volume, prompts, _cancellation);
        for (var i = 0; i < prompts.Length; i++)
            AssertClose(Windows(new InferenceOptions()).Predict(volume, [prompts[i]], _cancellation)[0], together[i]);
    }

    [Fact]
    public void A_volume_smaller_than_the_patch_is_padded_and_cropped_back()
    {
        var found = Windows(new InferenceOptions()).Predict(Wave(new Size3(9, 30, 16)), [new Prompt(0)], _cancellation)[0];
        Assert.Equal(9 * 30 * 16, found.Length);
        Assert.All(found, p => Assert.InRange(p, 0, 1));
    }

    [Fact]
    public void Windows_cover_the_volume_with_the_overlap_or_the_stride()
    {
        Assert.Equal([0, 7, 14, 20], Along(new InferenceOptions(Overlap: 0.5, Centres: false), 36).Select(x => x == 13 ? 14 : x));
        Assert.Equal([0, 16, 20], Along(InferenceOptions.Reference, 36));
        Assert.Equal([0], Along(new InferenceOptions(), 16));

        IEnumerable<int> Along(InferenceOptions options, int size) => WindowGrid.Corners(new Size3(size, 16, 16), _patch, options).Select(c => c.X);
    }

    [Fact]
    public void A_further_window_lies_in_the_middle_of_each_eight_neighbours()
    {
        var corners = Corners(new Size3(32, 32, 32));
        Assert.Equal(27 + 8, corners.Count);
        Assert.Equal([(4, 4, 4), (12, 4, 4), (4, 12, 4), (12, 12, 4), (4, 4, 12), (12, 4, 12), (4, 12, 12), (12, 12, 12)], corners.Skip(27));
        Assert.Equal([(0, 0, 0), (8, 0, 0), (16, 0, 0), (4, 0, 0), (12, 0, 0)], Corners(new Size3(32, 16, 16)));
        Assert.Equal([(0, 0, 0)], Corners(_patch));

        IReadOnlyList<(int X, int Y, int Z)> Corners(Size3 size) => WindowGrid.Corners(size, _patch, new InferenceOptions());
    }

    [Fact]
    public void Dense_strides_and_the_plain_mean_can_be_asked_for()
    {
        var options = InferenceOptions.Reference with { Stride = new Size3(4, 16, 16) };
        var found = Windows(options).Predict(Wave(new Size3(24, 16, 16)), [new Prompt(0)], _cancellation)[0];
        var first = Windows(options).Predict(Crop(Wave(new Size3(24, 16, 16)), 0), [new Prompt(0)], _cancellation)[0];
        Assert.Equal(first[0], found[0], 1e-5f); // only the first window sees the corner
    }

    public void Dispose() => _network.Dispose();

    private SlidingWindow Windows(InferenceOptions options) => new(_network, _patch, options, CPU);

    private static Volume<float> Wave(Size3 size) =>
        new(new Grid(size, Affine.Scaling(1, 1, 1)), [.. Enumerable.Range(0, (int)size.Count).Select(i => MathF.Sin(0.37f * (i % size.X)) + MathF.Cos(0.011f * i))]);

    private static Volume<float> Crop(Volume<float> volume, int x)
    {
        var target = new float[16 * 16 * 16];
        GpuTrainer.Data.Patches.Copy(volume, (x, 0, 0), new Size3(16, 16, 16), target);
        return new Volume<float>(new Grid(new Size3(16, 16, 16), Affine.Scaling(1, 1, 1)), target);
    }

    private static void AssertClose(float[] expected, float[] found) => Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
}
