using TorchSharp;
using VerSemi.Domain;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer;

/// <summary>Loads libtorch, chooses the device and sets the number of threads: once a process, before any tensor.</summary>
public static class TorchRuntime
{
    /// <param name="device">"cpu", "cuda", "cuda:N", or "auto": the first GPU where there is one, else the CPU.</param>
    /// <param name="threads">Threads of one operation; null: the cores this process may use.</param>
    /// <exception cref="DomainException">The native library does not load, the text names no device, or the device is not there.</exception>
    public static Device Start(string device = "auto", int? threads = null)
    {
        if (threads is < 1)
            throw new DomainException($"{threads} threads: give at least 1, or leave it out for the {Environment.ProcessorCount} cores of this machine.");
        try
        {
            set_num_threads(threads ?? Environment.ProcessorCount);
            return Select(device.Trim().ToLowerInvariant());
        }
        catch (Exception e) when (IsLoading(e))
        {
            throw new DomainException(Explain(e.ToString()), e);
        }
    }

    private static Device Select(string name)
    {
        if (name is "cpu")
            return CPU;
        if (name is "auto")
            return cuda.is_available() ? new Device(DeviceType.CUDA, 0) : CPU;
        var parts = name.Split(':');
        var index = 0;
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !(int.TryParse(parts[1], out index) && index >= 0)))
            throw new DomainException($"'{name}' is no device. Choose cpu, cuda, cuda:N or auto.");
        var count = cuda.is_available() ? cuda.device_count() : 0;
        return index < count ? new Device(DeviceType.CUDA, index) : throw new DomainException(count == 0
            ? $"Device '{name}' was asked for, but this process sees no GPU. Use device 'cpu' or 'auto', or run the GPU image on a node with an NVIDIA driver."
            : $"Device '{name}' was asked for, but there are {count} GPUs: cuda:0 to cuda:{count - 1}.");
    }

    private static bool IsLoading(Exception e) =>
        e is DllNotFoundException or TypeInitializationException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException;

    /// <summary>What to do about a native library that did not load, from the loader's own words.</summary>
    public static string Explain(string loaderMessage)
    {
        var version = System.Text.RegularExpressions.Regex.Match(loaderMessage, @"version [`']?(?<v>(GLIBCXX|GLIBC|CXXABI)_[0-9.]+)");
        if (!version.Success)
            return $"libtorch did not load. The libraries belong in runtimes/<platform>/native beside the program; build again, and look for the loader's reason: {loaderMessage}";
        return $"libtorch did not load: this system's C++ runtime lacks the symbol version {version.Groups["v"].Value}. "
            + "The build marks GLIBCXX_3.4.32 as not required (build/LibTorchSharp.targets); run a program from such a build, not a copy of the package's own library, or a system with a newer libstdc++.";
    }
}
