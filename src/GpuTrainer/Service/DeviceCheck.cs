using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using TorchSharp;
using VerSemi.GpuTrainer.Planning;
using VerSemi.Platform.Doctor;

namespace VerSemi.GpuTrainer.Service;

/// <summary>The device that was asked for, against what there is.</summary>
internal sealed class DeviceCheck(IOptions<GpuTrainerOptions> options) : ICheck
{
    public string Name => "device";

    public string Mend => "Set Trainer:Device to cpu, cuda, cuda:N or auto. For a GPU: run the image that was built with TorchBackend=cuda, on a node with the driver, with the limit nvidia.com/gpu: 1.";

#pragma warning disable CS1998 // Nothing to wait for: libtorch answers at once.
    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
#pragma warning restore CS1998
    {
        var wanted = options.Value.Device;
        var device = TorchRuntime.Start(wanted, options.Value.Threads);
        yield return device.type == DeviceType.CPU && wanted != "cpu" && Nvml.Of(0) is { } gpu
            ? new Finding(Name, $"'{wanted}' was asked for and takes the CPU, though there is a GPU with {gpu.Total >> 20} MiB", Mend)
            : new Finding(Name, $"'{wanted}' was asked for: {device}");
    }
}
