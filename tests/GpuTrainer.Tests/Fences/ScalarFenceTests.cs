using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Fences;

/// <summary>
/// TorchSharp frees a <see cref="Scalar"/> as soon as nothing refers to it, even while libtorch reads it (docs/decisions,
/// 14). So nobody makes one, or calls what makes one within TorchSharp, but <see cref="ScalarArithmetic"/>.
/// </summary>
public sealed class ScalarFenceTests
{
    /// <summary>TorchSharp's methods that make a scalar, themselves or by what they call.</summary>
    private static readonly HashSet<MethodBase> Makers = FindMakers();

    [Theory]
    [InlineData(typeof(TorchRuntime))]
    [InlineData(typeof(ScalarFenceTests))]
    public void No_scalar_is_made_but_by_ScalarArithmetic(Type inAssembly)
    {
        var methods = CalledMethods.MethodsOf(inAssembly.Assembly).Where(method => method.DeclaringType != typeof(ScalarArithmetic) && method.DeclaringType != typeof(Sample));

        Assert.Equal("", string.Join('\n', methods.SelectMany(method => MakersIn(method).Select(made => $"{method.DeclaringType}.{method.Name} calls {made.DeclaringType}: {made}"))));
    }

    [Fact]
    public void ScalarArithmetic_makes_them_by_name_and_disposes_each_after_the_call()
    {
        foreach (var method in CalledMethods.MethodsOf(typeof(ScalarArithmetic)))
        {
            Assert.All(MakersIn(method), made => Assert.Equal("ToScalar", made.Name));
            var disposed = CalledMethods.Of(method).Count(called => called.Name == nameof(IDisposable.Dispose));
            Assert.True(method is ConstructorInfo || disposed >= MakersIn(method).Count, method.Name);
        }
    }

    [Theory]
    [InlineData(nameof(Sample.Implicit), true)]
    [InlineData(nameof(Sample.HiddenFactor), true)]
    [InlineData(nameof(Sample.HiddenTwice), true)]
    [InlineData(nameof(Sample.HiddenWithin), true)]
    [InlineData(nameof(Sample.Read), true)]
    [InlineData(nameof(Sample.Tensors), false)]
    public void The_fence_sees_scalars_that_the_source_does_not_show(string sample, bool seen) =>
        Assert.Equal(seen, MakersIn(typeof(Sample).GetMethod(sample)!).Count > 0);

    private static List<MethodBase> MakersIn(MethodBase method) => [.. CalledMethods.Of(method).Where(Makers.Contains)];

    private static HashSet<MethodBase> FindMakers()
    {
        var calls = CalledMethods.MethodsOf(typeof(Scalar).Assembly).SelectMany(caller => CalledMethods.Of(caller).Select(called => (Caller: caller, Called: called))).ToLookup(call => call.Called, call => call.Caller);
        var makers = new HashSet<MethodBase>();
        var queue = new Queue<MethodBase>(typeof(Scalar).GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance));
        while (queue.TryDequeue(out var made))
            foreach (var caller in calls[made].Where(makers.Add))
                queue.Enqueue(caller);
        return makers;
    }

    /// <summary>Never run.</summary>
    private static class Sample
    {
        public static Tensor Implicit(Tensor a) => a.mul_(0.5);
        public static Tensor HiddenFactor(Tensor a, Tensor b) => a + b;
        public static Tensor HiddenTwice(Tensor a) => a + 1;
        public static Tensor HiddenWithin(Tensor a) => a.square();
        public static double Read(Tensor a) => a.ToDouble();
        public static Tensor Tensors(Tensor a, Tensor b) => (a - b) * b / b;
    }
}
