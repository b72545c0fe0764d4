using System.Runtime.CompilerServices;

namespace VerSemi.GpuTrainer.Tests;

/// <summary>libtorch is set up as in the product, before the first test touches a tensor.</summary>
internal static class TorchSetup
{
    [ModuleInitializer]
    internal static void Start() => TorchRuntime.Start("cpu");
}
