using VerSemi.Domain;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests;

public sealed class TorchRuntimeTests
{
    [Theory, InlineData("cpu"), InlineData(" CPU ")]
    public void The_cpu_is_always_there(string device) => Assert.Equal(TorchSharp.DeviceType.CPU, TorchRuntime.Start(device).type);

    [Theory]
    [InlineData("gpu", "Choose cpu, cuda, cuda:N or auto")]
    [InlineData("cuda:-1", "Choose cpu, cuda, cuda:N or auto")]
    [InlineData("cuda:1:2", "Choose cpu, cuda, cuda:N or auto")]
    [InlineData("cuda:999", "'cuda:999' was asked for")]
    public void A_device_that_is_not_there_is_refused(string device, string reason) =>
        Assert.Contains(reason, Assert.Throws<DomainException>(() => TorchRuntime.Start(device)).Message, StringComparison.Ordinal);

    [Fact]
    public void Fewer_than_one_thread_is_refused() => Assert.Throws<DomainException>(() => TorchRuntime.Start("cpu", 0));

    [Fact]
    public void A_missing_symbol_version_is_named() => Assert.Contains(
        "lacks the symbol version GLIBCXX_3.4.32",
        TorchRuntime.Explain("Unable to load shared library: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)"),
        StringComparison.Ordinal);

    [Fact]
    public void Auto_gives_a_device_that_computes()
    {
        using var scope = NewDisposeScope();
        var device = TorchRuntime.Start();
        using var one = ones(1, device: device);
        Assert.Equal(1, one.item<float>());
    }
}
