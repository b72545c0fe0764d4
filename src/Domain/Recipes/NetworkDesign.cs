namespace VerSemi.Domain.Recipes;

/// <summary>How the trunk is built (docs/method.md, "Network").</summary>
public enum NetworkDesign
{
    /// <summary>The authors' network. Its last level has neither a skip nor a 3³ convolution.</summary>
    Reference,

    /// <summary>For fine detail: the last level has the first level's skip and a 3³ convolution, as a U-Net has.</summary>
    Fine,
}
