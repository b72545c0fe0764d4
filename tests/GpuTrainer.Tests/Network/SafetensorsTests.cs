using System.Buffers.Binary;
using System.Text;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"versemi-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void What_was_written_is_read_again()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["b"] = rand(3, 4), ["a"] = tensor(new[] { 0L, 1, 2, 3, 4 }), ["scalar"] = tensor(2.5f), ["none"] = zeros(0, 3), ["flags"] = tensor(new[] { true, false, true }) };
        Safetensors.Save(_file, tensors, new Dictionary<string, string> { ["who"] = "\"ä\"" });
        var (read, metadata) = Safetensors.Load(_file);
        Assert.Equal("\"ä\"", metadata["who"]);
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        Assert.All(tensors, pair => Assert.True(pair.Value.dtype == read[pair.Key].dtype && pair.Value.shape.SequenceEqual(read[pair.Key].shape) && pair.Value.equal(read[pair.Key]).all().item<bool>()));
    }

    [Fact]
    public void The_order_of_the_dictionary_does_not_change_the_bytes()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(3), rand(7));
        Assert.Equal(Written(new() { ["a"] = a, ["b"] = b }), Written(new() { ["b"] = b, ["a"] = a }));
    }

    [Fact]
    public void Slices_are_written_as_they_are_seen()
    {
        using var scope = NewDisposeScope();
        var matrix = rand(4, 6);
        Assert.Equal(Written(new() { ["t"] = matrix.t().contiguous() }), Written(new() { ["t"] = matrix.t() }));
    }

    [Theory]
    [InlineData("", "fewer than the 8")]
    [InlineData("{}", "of 10 in the file", 1_000_000L)]
    [InlineData("{}", "of 10 in the file", -1L)]
    [InlineData("[]", "header is not")]
    [InlineData("{\"a\":", "header is not")]
    [InlineData("{\"a\":{}}", "header is not")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "but 0 bytes follow")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}xxxx", "header is not")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "needs 8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904],\"data_offsets\":[0,4]}}", "needs")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[4,0]}}", "negative side")]
    [InlineData("{\"a\":{\"dtype\":\"COMPLEX\",\"shape\":[1],\"data_offsets\":[0,4]}}", "dtype 'COMPLEX'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", "neither overlap")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}", "header is not")]
    public void A_malformed_file_is_refused_with_the_reason(string header, string reason, long? length = null)
    {
        var bytes = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length ?? header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        File.WriteAllBytes(_file, header.Length == 0 ? [1, 2, 3] : bytes);
        var e = Assert.Throws<DomainException>(() => Safetensors.Load(_file));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Contains(_file, e.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(FeatureNorm.Batch), InlineData(FeatureNorm.Group), InlineData(FeatureNorm.Group, NetworkDesign.Fine)]
    public void A_network_is_the_same_after_saving_and_loading(FeatureNorm norm, NetworkDesign design = NetworkDesign.Reference)
    {
        using var network = new VerSemiNetwork(4, norm, columns: 3, seed: 9, design);
        NetworkWeights.Save(_file, network);
        using var loaded = NetworkWeights.Load(_file);
        Assert.Equal((4, norm, 3, design), (loaded.Width, loaded.Norm, loaded.Columns, loaded.Design));
        Assert.Equal(Written(network.state_dict()), Written(loaded.state_dict()));
    }

    [Fact]
    public void A_file_without_a_word_of_its_network_is_the_references_and_an_unknown_one_is_refused()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, columns: 1, seed: 9);
        NetworkWeights.Save(_file, network);
        Assert.DoesNotContain("versemi.network", Safetensors.Load(_file).Metadata.Keys);
        var metadata = Safetensors.Load(_file).Metadata.ToDictionary();
        metadata["versemi.network"] = "finer";
        Safetensors.Save(_file, network.state_dict(), metadata);
        Assert.Contains("versemi.network", Assert.Throws<DomainException>(() => NetworkWeights.Load(_file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 3, seed: 9);
        using var other = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 2, seed: 9);
        var e = Assert.Throws<DomainException>(() => NetworkWeights.Copy(other.state_dict(), network, "champion"));
        Assert.Contains("'controller.columns' is [2, 162] there and [3, 162] here", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Python_reads_what_was_written()
    {
        var python = new System.Diagnostics.ProcessStartInfo("python3", ["-c", """
            import json, struct, sys, array
            data = open(sys.argv[1], 'rb').read()
            n, = struct.unpack('<Q', data[:8])
            header = json.loads(data[8:8 + n])
            assert (8 + n) % 8 == 0
            a, b = header['w']['data_offsets']
            print(header['w']['dtype'], header['w']['shape'], array.array('f', data[8 + n + a:8 + n + b]).tolist())
            """, _file])
        { RedirectStandardOutput = true };
        using var scope = NewDisposeScope();
        Safetensors.Save(_file, new Dictionary<string, Tensor> { ["w"] = tensor(new[] { 1f, 2, 3, 4 }, 2, 2), ["n"] = tensor(1L) });
        try
        {
            using var process = System.Diagnostics.Process.Start(python)!;
            Assert.Equal("F32 [2, 2] [1.0, 2.0, 3.0, 4.0]", process.StandardOutput.ReadToEnd().Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no python3 on this machine.");
        }
    }

    private static byte[] Written(Dictionary<string, Tensor> tensors)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors);
        return stream.ToArray();
    }
}
