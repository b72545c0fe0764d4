using System.Runtime.InteropServices;

namespace VerSemi.GpuTrainer.Planning;

/// <summary>What a GPU does now. Of the whole GPU: whoever else uses it is in it.</summary>
/// <param name="Total">Bytes.</param>
/// <param name="Used">Bytes.</param>
/// <param name="Busy">Share of the driver's last sample period in which a kernel ran, 0…1; null where it does not say.</param>
internal sealed record GpuFigures(long Total, long Used, double? Busy);

/// <summary>The few calls of NVIDIA's management library (libnvidia-ml.so.1) that are needed; it comes with the driver.</summary>
internal static class Nvml
{
    private const string Library = "libnvidia-ml.so.1";
    private const int Success = 0, NotFound = 6;

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Utilization
    {
        public uint Gpu;
        public uint Memory;
    }

    /// <param name="index">As CUDA counts: among CUDA_VISIBLE_DEVICES, where that is set.</param>
    /// <returns>Null where there is no such GPU, or no driver.</returns>
    public static GpuFigures? Of(int index)
    {
        try
        {
            return nvmlInit_v2() == Success && HandleOf(index, out var handle) == Success && nvmlDeviceGetMemoryInfo(handle, out var memory) == Success
                ? new GpuFigures((long)memory.Total, (long)memory.Used, nvmlDeviceGetUtilizationRates(handle, out var rates) == Success ? rates.Gpu / 100.0 : null)
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
        if (visible is { Length: > 0 } && index >= visible.Length)
        {
            handle = IntPtr.Zero; // a GPU of the machine that this process may not use
            return NotFound;
        }
        var name = visible is { Length: > 0 } ? visible[index] : $"{index}";
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

    [DllImport(Library)]
    private static extern int nvmlDeviceGetUtilizationRates(IntPtr device, out Utilization rates);
}
