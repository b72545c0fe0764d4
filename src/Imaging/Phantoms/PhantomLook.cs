namespace VerSemi.Imaging.Phantoms;

/// <summary>How a scanner of one modality shows the tissues.</summary>
/// <param name="Modality">As dataset.json names it.</param>
/// <param name="Organ">Liver and spleen; cerebellum and frontal lobe.</param>
/// <param name="Renal">Kidney and bowel; striatum and cortical fold.</param>
/// <param name="Blood">Vessel and spine; thalamus and cysts.</param>
/// <param name="Nodule">Nodule; gland and bright dots.</param>
/// <param name="Noise">Standard deviation, in units of intensity.</param>
/// <param name="Speckle">Standard deviation of a noise that multiplies, as a fraction.</param>
/// <param name="Bias">Largest deviation of a smooth field that multiplies, as a fraction: coils, attenuation.</param>
/// <param name="Magnitude">True: an intensity is the modulus of a complex number, so noise is Rician and never below 0.</param>
public sealed record PhantomLook(
    string Modality, double Outside, double Body, double Rim, double Organ, double Renal, double Blood, double Nodule,
    double Noise, double Speckle = 0, double Bias = 0, bool Magnitude = false)
{
    public static PhantomLook T1 { get; } = new("MRI", 5, 100, 170, 140, 72, 55, 150, Noise: 9, Bias: 0.25, Magnitude: true);
    public static PhantomLook Ct { get; } = new("CT", -160, 40, -90, 95, 130, 175, 120, Noise: 20);
    public static PhantomLook T2 { get; } = new("MRI-T2", 8, 120, 55, 75, 185, 40, 200, Noise: 14, Bias: 0.15, Magnitude: true);
    public static PhantomLook Ultrasound { get; } = new("US", 15, 90, 125, 135, 55, 30, 190, Noise: 4, Speckle: 0.15, Bias: 0.2, Magnitude: true);

    public double Of(PhantomTissue tissue) => tissue switch
    {
        PhantomTissue.Outside => Outside,
        PhantomTissue.Body => Body,
        PhantomTissue.Rim => Rim,
        PhantomTissue.Liver or PhantomTissue.Spleen or PhantomTissue.Cerebellum or PhantomTissue.Lobe => Organ,
        PhantomTissue.Kidney or PhantomTissue.Bowel or PhantomTissue.Striatum or PhantomTissue.Fold => Renal,
        PhantomTissue.Vessel or PhantomTissue.Spine or PhantomTissue.Thalamus or PhantomTissue.Cyst => Blood,
        PhantomTissue.Nodule or PhantomTissue.Gland or PhantomTissue.Dot => Nodule,
        _ => throw new ArgumentOutOfRangeException(nameof(tissue), tissue, "A tissue without an intensity; add it to PhantomLook.Of."),
    };
}
