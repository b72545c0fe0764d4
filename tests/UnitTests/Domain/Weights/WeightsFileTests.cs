using System.Buffers.Binary;
using System.Text;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Weights;
using VerSemi.TestKit.Reference;

namespace VerSemi.UnitTests.Domain.Weights;

public sealed class WeightsFileTests
{
    private const int Columns = 2;

    [Theory, InlineData(FeatureNorm.Batch), InlineData(FeatureNorm.Group)]
    public void Sound_weights_are_read_and_answer(FeatureNorm norm)
    {
        var tensors = Read(PlainWeights.Of(Columns, norm: norm), norm);
        var logits = new PlainNetwork(tensors, PlainWeights.Width, norm, Columns).Logits([.. Enumerable.Range(0, 4096).Select(i => MathF.Sin(i))], 16);
        Assert.Equal(Columns + 1, logits.Length);
        Assert.All(logits, answer => Assert.True(answer.Length == 4096 && answer.All(float.IsFinite)));
    }

    [Fact]
    public void Weights_of_another_network_than_described_are_refused()
    {
        using var file = new MemoryStream(PlainWeights.Of(Columns));
        var error = Assert.Throws<DomainException>(() => WeightsFile.Read(file, file.Length, "weights", PlainWeights.Width, FeatureNorm.Batch, Columns, NetworkDesign.Fine)).Message;
        Assert.Contains("versemi.network missing; expected 'fine'", error, StringComparison.Ordinal);
        Assert.Contains("'x9.conv1.weight' is missing", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_is_not_safetensors() => Refused(Encoding.ASCII.GetBytes(new string('A', 100_000)), "cannot be read as safetensors");

    [Fact]
    public void A_header_of_2_to_the_62_bytes_is_refused_before_anything_is_allocated()
    {
        var file = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(file, 1L << 62);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(file, $"its header has {1L << 62} bytes");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_shape_whose_product_overflows_is_refused()
    {
        var header = Encoding.UTF8.GetBytes("""{"x1.conv1.weight":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        Refused([.. length, .. header], "say otherwise");
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused() => Refused(PlainWeights.Of(Columns)[..^4], "but");

    [Fact]
    public void Other_columns_than_the_description_says_are_refused_with_the_tensor_and_both_shapes()
    {
        var error = Refused(PlainWeights.Of(Columns + 1), "'controller.columns' is F32 [3, 162]; expected F32 [2, 162]");
        Assert.Contains("versemi.columns '3'; expected '2'", error, StringComparison.Ordinal);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void A_number_that_is_not_finite_is_named_with_its_tensor(float value) =>
        Refused(PlainWeights.Of(Columns, change: (name, values) => values[^1] = name == "x4.conv2.weight" ? value : values[^1]), "'x4.conv2.weight' has 1 numbers that are infinite or NaN");

    [Fact]
    public void Finite_numbers_that_overflow_have_no_finite_answer()
    {
        var tensors = Read(PlainWeights.Of(Columns, change: (name, values) => values[0] = name == "controller.columns" ? 3e38f : values[0]), FeatureNorm.Batch);
        foreach (var value in (string[])["controller.columns", "controller.weight"])
            tensors[value].AsSpan().Fill(3e38f);
        var logits = new PlainNetwork(tensors, PlainWeights.Width, FeatureNorm.Batch, Columns).Logits([.. Enumerable.Range(0, 4096).Select(i => MathF.Sin(i))], 16);
        Assert.Contains(logits, answer => !answer.All(float.IsFinite));
    }

    private static string Refused(byte[] file, string words)
    {
        var error = Assert.Throws<DomainException>(() => Read(file, FeatureNorm.Batch)).Message;
        Assert.Contains(words, error, StringComparison.Ordinal);
        return error;
    }

    private static IReadOnlyDictionary<string, float[]> Read(byte[] file, FeatureNorm norm)
    {
        using var stream = new MemoryStream(file);
        return WeightsFile.Read(stream, file.Length, "weights.safetensors", PlainWeights.Width, norm, Columns);
    }
}
