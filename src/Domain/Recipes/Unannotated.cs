namespace VerSemi.Domain.Recipes;

/// <summary>What the specific term makes of the half of mix(a, b) that is not annotated for the asked task.</summary>
public enum Unannotated
{
    /// <summary>It is background: the reference. Wrong where the target is in that half, too.</summary>
    Background,

    /// <summary>It says nothing.</summary>
    Ignored,
}
