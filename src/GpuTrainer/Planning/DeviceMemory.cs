using TorchSharp;
using VerSemi.Domain.Planning;
using VerSemi.GpuTrainer.Training;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Planning;

/// <summary>How much memory the device of a training has. TorchSharp does not say it of a GPU: the driver's own library is asked.</summary>
public static class DeviceMemory
{
    /// <summary>For a GPU that nobody knows the memory of: what the smallest ones in use for training have.</summary>
    private const long Unknown = 8L << 30;

    /// <param name="note">Told where the memory had to be assumed.</param>
    public static DeviceFacts Of(Device device, TrainerOptions options, Action<string> note)
    {
        long? given = options.MemoryMiB is { } mebibytes ? mebibytes * 1024L * 1024 : null;
        if (device.type == DeviceType.CPU)
            return new DeviceFacts("cpu", given ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, options.CacheMiB * 1024L * 1024, options.Threads ?? Environment.ProcessorCount);
        if ((given ?? Nvml.Of(device.index)?.Total) is { } bytes)
            return new DeviceFacts($"{device}", bytes, CacheBytes: 0, Cores: 0);
        note($"The memory of {device} is unknown: NVIDIA's management library (libnvidia-ml.so.1) does not answer. {Unknown >> 30} GiB are assumed; set Trainer:MemoryMiB to what it has.");
        return new DeviceFacts($"{device}", Unknown, CacheBytes: 0, Cores: 0);
    }

    /// <summary>Begins a new peak, so that <see cref="PeakOfProcess"/> does not tell of an earlier training. Where Linux does not allow it, or elsewhere, the old one stays.</summary>
    public static void ForgetPeak()
    {
        const string resets = "/proc/self/clear_refs";
        try
        {
            if (File.Exists(resets))
                File.WriteAllText(resets, "5"); // of proc(5): the peak resident set becomes the present one
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The most that this process has held at once since <see cref="ForgetPeak"/>, on Linux; null elsewhere.</summary>
    public static long? PeakOfProcess()
    {
        const string status = "/proc/self/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kibibytes, "kB"] && long.TryParse(kibibytes, out var value) ? value * 1024 : null;
    }
}
