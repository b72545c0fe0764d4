using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VerSemi.GpuTrainer.Service;
using VerSemi.Platform.Doctor;

namespace VerSemi.GpuTrainer.Tests.Service;

public sealed class DeviceCheckTests
{
    [Fact]
    public async Task A_device_that_is_there_is_well() => Assert.True((await LookAsync("cpu")).IsWell);

    [Fact]
    public async Task A_gpu_that_is_not_there_is_named_with_what_to_do()
    {
        var finding = await LookAsync("cuda:15");
        Assert.Contains("'cuda:15' was asked for", finding.Found, StringComparison.Ordinal);
        Assert.Contains("TorchBackend=cuda", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_is_no_device_is_named() => Assert.Contains("Trainer:Device", (await LookAsync("tpu")).Mend, StringComparison.Ordinal);

    private static async Task<Finding> LookAsync(string device)
    {
        var services = new ServiceCollection();
        services.AddSingleton(Options.Create(new GpuTrainerOptions { Device = device, Threads = 1 })).AddCheck<DeviceCheck>();
        await using var provider = services.BuildServiceProvider();
        return Assert.Single(await Examination.RunAsync(provider, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }
}
