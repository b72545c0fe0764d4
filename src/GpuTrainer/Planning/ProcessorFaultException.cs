using VerSemi.Domain.Recipes;

namespace VerSemi.GpuTrainer.Planning;

/// <summary>This machine's processor, or the library's kernels for it, do not compute a recipe reliably.</summary>
public sealed class ProcessorFaultException(TrainingRecipe recipe, string found) : Exception(
    $"This worker does not compute width {recipe.Width}, patch {string.Join('×', recipe.Patch)}, {recipe.Precision} reliably: {found}. Processor: {Processor.Description}. "
    + "No training is started here. Set DNNL_MAX_CPU_ISA=SSE41 for this worker (slower), choose width 16, or run the training on another machine.");
