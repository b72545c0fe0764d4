namespace VerSemi.Imaging.Phantoms;

/// <summary>One synthetic patient. Millimetres in RAS+ around the centre of the field of view.</summary>
public interface IPhantomAnatomy
{
    PhantomTissue At(double x, double y, double z);
}
