using System.Runtime.InteropServices;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Planning;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>The loss or its gradient is NaN or infinite. Images that were ingested are finite: processor and recipe are the suspects.</summary>
/// <param name="cases">The batch's, as <see cref="Data.CaseReference.Name"/> has them; not in the message, since none of them is at fault.</param>
public sealed class NonFiniteLossException(int step, double value, string what, IReadOnlyList<string> cases) : DomainException(
    $"The {what} is {value} at step {step} on {Processor.Description}. If another worker gets past this step, this machine computes wrongly: take it out of service or set DNNL_MAX_CPU_ISA=SSE41 there. If it does not, lower learningRate or set gradientClip.")
{
    public string What => what;
    public double Value => value;


    /// <summary>Global, from 1.</summary>
    public int Step => step;
    public IReadOnlyList<string> Cases => cases;
}

public static class TrainingFailures
{
    /// <summary>What kind of thing went wrong: it decides whether the same work is worth a second try.</summary>
    public static FailureKind Classify(Exception exception)
    {
        // From the outside in: a DomainException says more than the missing blob behind it.
        for (var e = exception; e is not null; e = e.InnerException)
            if (KindOf(e) is { } kind)
                return kind;
        return FailureKind.Code;
    }

    // What libtorch throws carries no type: of CUDA, of its CPU allocator, of C++ itself.
    private static readonly string[] OutOfMemoryWords = ["out of memory", "can't allocate memory", "not enough memory", "bad_alloc"];

    private static FailureKind? KindOf(Exception exception) => exception switch
    {
        OutOfMemoryException => FailureKind.OutOfMemory,
        ExternalException e when OutOfMemoryWords.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) => FailureKind.OutOfMemory,
        DamagedBlobException => FailureKind.Content,
        NonFiniteLossException or ProcessorFaultException => FailureKind.Numerics,
        DomainException or InvalidDataException => FailureKind.Data,
        IOException or TimeoutException or UnauthorizedAccessException or HttpRequestException => FailureKind.Infrastructure,
        _ => null,
    };
}
