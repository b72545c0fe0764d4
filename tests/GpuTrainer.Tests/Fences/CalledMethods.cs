using System.Reflection;
using System.Reflection.Emit;

namespace VerSemi.GpuTrainer.Tests.Fences;

/// <summary>Which methods a compiled method refers to, from its IL.</summary>
internal static class CalledMethods
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private const byte TwoByteOpCode = 0xFE;

    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Every method and constructor, those of lambdas too.</summary>
    public static IEnumerable<MethodBase> MethodsOf(Assembly assembly) => assembly.GetTypes().SelectMany(MethodsOf);

    public static IEnumerable<MethodBase> MethodsOf(Type type) => type.GetMembers(Declared).OfType<MethodBase>();

    /// <summary>Once for each place; of generic methods and types the definition.</summary>
    public static IEnumerable<MethodBase> Of(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == TwoByteOpCode)
                value = (short)(TwoByteOpCode << 8 | code[at++]);
            var operand = OpCodeOf[value].OperandType;
            if (operand == OperandType.InlineMethod)
                yield return Resolve(method, BitConverter.ToInt32(code, at));
            at += SizeOf(operand, code, at);
        }
    }

    private static MethodBase Resolve(MethodBase caller, int token)
    {
        var called = caller.Module.ResolveMethod(token, caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, caller.IsGenericMethod ? caller.GetGenericArguments() : null)!;
        return called.DeclaringType is { IsConstructedGenericType: true } constructed
            ? MethodBase.GetMethodFromHandle(called.MethodHandle, constructed.GetGenericTypeDefinition().TypeHandle)!
            : called is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : called;
    }

    private static int SizeOf(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
        _ => 4,
    };
}
