using TorchSharp;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Planning;

public class DeviceMemoryTests
{
    private readonly List<string> _notes = [];

    [Fact]
    public void A_cpu_has_what_the_system_gives_this_process()
    {
        var facts = DeviceMemory.Of(CPU, new TrainerOptions { Threads = 2, CacheMiB = 512 }, _notes.Add);
        Assert.Equal(("cpu", 2, 512L << 20), (facts.Name, facts.Cores, facts.CacheBytes));
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, facts.MemoryBytes);
    }

    [Theory]
    [InlineData(DeviceType.CPU)]
    [InlineData(DeviceType.CUDA)]
    public void An_option_says_it_for_any_device(DeviceType type) =>
        Assert.Equal(3L << 30, DeviceMemory.Of(new Device(type, 0), new TrainerOptions { MemoryMiB = 3072 }, _notes.Add).MemoryBytes);

    [Fact]
    public void A_gpu_is_asked_by_its_driver_or_assumed_aloud()
    {
        var facts = DeviceMemory.Of(new Device(DeviceType.CUDA, 0), new TrainerOptions(), _notes.Add);
        Assert.True(facts.MemoryBytes > 1L << 30);
        Assert.All(_notes, note => Assert.Contains("Trainer:MemoryMiB", note, StringComparison.Ordinal));
    }
}
