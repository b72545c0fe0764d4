using System.Runtime.InteropServices;
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
        if ((given ?? Nvml.TotalBytes(device.index)) is { } bytes)
            return new DeviceFacts($"{device}", bytes, CacheBytes: 0, Cores: 0);
        note($"The memory of {device} is unknown: NVIDIA's management library (libnvidia-ml.so.1) does not answer. {Unknown >> 30} GiB are assumed; set Trainer:MemoryMiB to what it has.");
        return new DeviceFacts($"{device}", Unknown, CacheBytes: 0, Cores: 0);
    }

    /// <summary>The most that this process has held at once, on Linux; null elsewhere.</summary>
    public static long? PeakOfProcess()
    {
        const string status = "/proc/self/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kibibytes, "kB"] && long.TryParse(kibibytes, out var value) ? value * 1024 : null;
    }

    /// <summary>The three calls of NVIDIA's management library that are needed; it comes with the driver.</summary>
    private static class Nvml
    {
        private const string Library = "libnvidia-ml.so.1";
        private const int Success = 0;

        [StructLayout(LayoutKind.Sequential)]
        private struct Memory
        {
            public ulong Total;
            public ulong Free;
            public ulong Used;
        }

        /// <param name="index">As CUDA counts: among CUDA_VISIBLE_DEVICES, where that is set.</param>
        public static long? TotalBytes(int index)
        {
            try
            {
                return nvmlInit_v2() == Success && HandleOf(index, out var handle) == Success && nvmlDeviceGetMemoryInfo(handle, out var memory) == Success
                    ? (long)memory.Total
                    : null;
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                return null;
            }
        }

        private static int HandleOf(int index, out IntPtr handle)
        {
            var visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var name = visible is { Length: > 0 } && index < visible.Length ? visible[index] : $"{index}";
            return uint.TryParse(name, out var number) ? nvmlDeviceGetHandleByIndex_v2(number, out handle) : nvmlDeviceGetHandleByUUID(name, out handle);
        }

        [DllImport(Library)]
        private static extern int nvmlInit_v2();

        [DllImport(Library)]
        private static extern int nvmlDeviceGetHandleByIndex_v2(uint index, out IntPtr device);

        [DllImport(Library, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        private static extern int nvmlDeviceGetHandleByUUID(string uuid, out IntPtr device);

        [DllImport(Library)]
        private static extern int nvmlDeviceGetMemoryInfo(IntPtr device, out Memory memory);
    }
}
