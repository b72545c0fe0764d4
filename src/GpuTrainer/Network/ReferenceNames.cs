namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// The names that the authors' state dict has for our tensors. Everything but the controller is the same tensor under
/// another name; their controller holds the prompt columns and an output branch that is never trained.
/// </summary>
public static class ReferenceNames
{
    /// <summary>(180, 16·width + columns + 1, 1, 1, 1): W, then the real tasks' columns, then the synthetic task's.</summary>
    public const string ControllerWeight = "controller.weight";
    public const string ControllerBias = "controller.bias";
    public const int ControllerRows = 180;

    /// <summary>Rows of w3 and b3, the branch that the product leaves out.</summary>
    public static bool IsUnusedRow(int row) => row is (>= 144 and < 160) or >= 178;

    private static readonly Dictionary<string, string> Blocks = new()
    {
        ["x1.conv"] = "block_one",
        ["x2.resample"] = "block_one_dw",
        ["x2.conv"] = "block_two",
        ["x3.resample"] = "block_two_dw",
        ["x3.conv"] = "block_three",
        ["x4.resample"] = "block_three_dw",
        ["x4.conv"] = "block_four",
        ["x5.resample"] = "block_four_dw",
        ["x5.conv"] = "block_five",
        ["x6.resample"] = "block_five_up",
        ["x6.conv"] = "block_six",
        ["x7.resample"] = "block_six_up",
        ["x7.conv"] = "block_seven",
        ["x8.resample"] = "block_seven_up",
        ["x8.conv"] = "block_eight",
        ["x9.resample"] = "block_eight_up",
    };

    /// <summary>The reference's name of one of our tensors; null for the controller's, which are laid out differently.</summary>
    public static string? Of(string name)
    {
        if (name.StartsWith("controller.", StringComparison.Ordinal))
            return null;
        if (name.StartsWith("feature_norm.", StringComparison.Ordinal))
            return name.Replace("feature_norm.", "precls_conv.0.", StringComparison.Ordinal);
        if (name.StartsWith("pooled_norm.", StringComparison.Ordinal))
            return name.Replace("pooled_norm.", "GAP.0.", StringComparison.Ordinal);
        if (name.StartsWith("feature_", StringComparison.Ordinal))
            return name.Replace("feature_", "precls_conv.2.", StringComparison.Ordinal);
        var parts = name.Split('.'); // x3.conv2.weight: the second convolution of a sequence conv, norm, ReLU, conv, …
        var kind = parts[1].TrimEnd('1', '2', '3');
        var index = parts[1].Length > kind.Length ? 3 * (parts[1][^1] - '1') : 0;
        return $"{Blocks[$"{parts[0]}.{kind}"]}.conv.{index}.{parts[2]}";
    }
}
