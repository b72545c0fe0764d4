using TorchSharp;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer;

/// <summary>
/// Operations of a tensor and a number. TorchSharp's own make a <see cref="Scalar"/> that nothing refers to during the
/// native call (a + b too: the factor of b): a garbage collection just then frees it while libtorch reads it. Here each
/// is a constant for ever, or disposed after the call and so alive until then. A test holds the rest of the project to
/// these (docs/decisions, 14).
/// </summary>
internal static class ScalarArithmetic
{
    private static readonly Scalar One = 1.ToScalar();
    private static readonly Scalar Two = 2.ToScalar();

    /// <summary>a + b</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a + b</summary>
    public static Tensor Plus(this Tensor a, double b)
    {
        using var scalar = b.ToScalar();
        return a.add(scalar, One);
    }

    /// <summary>1 − a</summary>
    public static Tensor OneMinus(this Tensor a)
    {
        using var negative = a.negative();
        return negative.add(One, One);
    }

    /// <summary>a · b</summary>
    public static Tensor Times(this Tensor a, double b)
    {
        using var scalar = b.ToScalar();
        return a.mul(scalar);
    }

    /// <summary>a / b</summary>
    public static Tensor Over(this Tensor a, double b)
    {
        using var scalar = b.ToScalar();
        return a.div(scalar);
    }

    /// <summary>a²</summary>
    public static Tensor Squared(this Tensor a) => a.pow(Two);

    /// <summary>a &gt; b</summary>
    public static Tensor Above(this Tensor a, double b)
    {
        using var scalar = b.ToScalar();
        return a.gt(scalar);
    }

    /// <summary>max(a, least)</summary>
    public static Tensor AtLeast(this Tensor a, double least)
    {
        using var scalar = least.ToScalar();
        return a.clamp_min(scalar);
    }

    /// <summary>a ← a + b</summary>
    public static Tensor AddInPlace(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a ← a + factor · b</summary>
    public static Tensor AddInPlace(this Tensor a, Tensor b, double factor)
    {
        using var scalar = factor.ToScalar();
        return a.add_(b, scalar);
    }

    /// <summary>a ← a + b</summary>
    public static Tensor AddInPlace(this Tensor a, double b)
    {
        using var scalar = b.ToScalar();
        return a.add_(scalar, One);
    }

    /// <summary>a ← a − b</summary>
    public static Tensor SubtractInPlace(this Tensor a, double b)
    {
        using var scalar = b.ToScalar();
        return a.sub_(scalar);
    }

    /// <summary>a ← a · b</summary>
    public static Tensor MultiplyInPlace(this Tensor a, double b)
    {
        using var scalar = b.ToScalar();
        return a.mul_(scalar);
    }

    /// <summary>a ← a + factor · b · c</summary>
    public static Tensor AddProductInPlace(this Tensor a, Tensor b, Tensor c, double factor)
    {
        using var scalar = factor.ToScalar();
        return a.addcmul_(b, c, scalar);
    }

    /// <summary>a ← a + factor · b / c</summary>
    public static Tensor AddQuotientInPlace(this Tensor a, Tensor b, Tensor c, double factor)
    {
        using var scalar = factor.ToScalar();
        return a.addcdiv_(b, c, scalar);
    }

    /// <summary>a ← min(max(a, low), high)</summary>
    public static Tensor ClampInPlace(this Tensor a, double low, double high)
    {
        using var lower = low.ToScalar();
        using var upper = high.ToScalar();
        return a.clamp_(lower, upper);
    }

    /// <summary>a ← value where the mask says so.</summary>
    public static Tensor FillInPlace(this Tensor a, Tensor mask, long value)
    {
        using var scalar = value.ToScalar();
        return a.masked_fill_(mask, scalar);
    }

    /// <summary>The value of a tensor of one element, which waits for its device.</summary>
    public static double Value(this Tensor a)
    {
        using var scalar = a.ToScalar();
        return scalar.ToDouble();
    }
}
